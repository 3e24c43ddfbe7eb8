"""`tp1tui list` and `tp1tui show`."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from tp1tui import settings
from tp1tui.cli import show
from tp1tui.spec.arithmetic import shape_text, total_multiply_adds, total_parameters
from tp1tui.spec.asking import MEASURE, edited, frozen, varied, vary_fields
from tp1tui.spec.changes import fields, value_text
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError
from tp1tui.spec.frozen import Frozen, MeasureSpec, SweepSpec
from tp1tui.spec.instant import instant_results
from tp1tui.spec.numbers import count
from tp1tui.spec.preset import Preset
from tp1tui.spec.preset_files import PresetFile, PresetLibrary
from tp1tui.tui.paste import command
from tp1tui.tui.words import flowing, numbered, report_text


def library() -> PresetLibrary:
    """Every preset that can be had here."""
    return PresetLibrary(settings.preset_dirs())


@dataclass(frozen=True)
class Asked:
    """A preset and what is to be different from it, as it was typed."""

    preset: str
    settings: tuple[str, ...] = ()
    """As `--set` takes them."""
    vary: tuple[str, ...] = ()
    """As `--vary` takes them."""
    seeds: int | None = None
    """Runs of every point; None for what the preset says."""

    @property
    def changes_anything(self) -> bool:
        """Whether it is not the preset as it stands."""
        return bool(self.settings or self.vary or self.seeds)


def resolve(asked: Asked) -> tuple[PresetFile, Frozen | SweepSpec]:
    """A preset by the beginning of its name, and what it asks for.

    Raises:
        UnknownPreset: No preset begins so, or several do.
        SpecError: The preset or a change is not allowed.
    """
    presets = library()
    file = presets.find(asked.preset)
    preset = presets.load(file)
    wanted = edited(preset, asked.settings)
    if asked.vary or asked.seeds is not None:
        wanted = varied(wanted, vary_fields(asked.vary), asked.seeds)
    return file, frozen(file.id, preset, wanted)


def show_all(*, as_json: bool) -> None:
    """Every preset, by section."""
    presets = library()
    rows = [(file, *_read(presets, file)) for file in presets.all()]
    if as_json:
        show.as_json(
            [
                {
                    "id": file.id,
                    "section": file.section,
                    "kind": preset.kind if preset else None,
                    "title": preset.title if preset else "",
                    "origin": file.origin,
                    "path": file.path,
                    "problem": problem,
                }
                for file, preset, problem in rows
            ]
        )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("preset", "kind", "what it is", "from"):
        table.add_column(heading)
    section = None
    for file, preset, problem in rows:
        if section is not None and file.section != section:
            table.add_row()
        section = file.section
        title = Text(preset.title) if preset else Text(problem or "", style="red")
        table.add_row(Text(file.id), preset.kind if preset else "", title, Text(file.origin))
    show.rich(table)


def show_one(asked: Asked, *, as_json: bool) -> None:
    """One preset, whole."""
    file, spec = resolve(asked)
    if as_json:
        show.as_json({"id": file.id, "origin": file.origin, **spec.model_dump(mode="json")})
        return
    show.rich(
        Text(f"{file.id}: {spec.title}", style="bold"),
        Text(f"from {file.origin}, {file.path}", style="dim"),
        Text(),
        Text(flowing(spec.question)),
    )
    for heading, text in (
        ("Try", numbered(spec.to_try)),
        ("Look for", flowing(spec.look_for)),
        ("Note", flowing(spec.note)),
    ):
        if text:
            show.rich(Text(), Text(heading, style="bold"), Text(text))
    show.rich(Text(), Text("The report", style="bold"), Text(report_text(spec.report) or "It has no figure for this."))
    if isinstance(spec, SweepSpec):
        show.rich(Text(), Text(f"{_many(len(spec.members()))}, which differ in", style="bold"), _members(spec))
    if isinstance(spec, MeasureSpec):
        _show_measure(spec, file)
    if spec.experiment:
        show.rich(Text(), _experiment(spec.experiment, spec.changes), Text(), layers(spec.experiment))


def layers(experiment: Experiment) -> Table:
    """The layer table, with its totals."""
    rows = experiment.layer_table()
    table = Table(box=None, pad_edge=False, show_footer=True)
    table.add_column("layer", footer="total", no_wrap=True, min_width=max(len(row.name) for row in rows))
    table.add_column("kind")
    table.add_column("output")
    table.add_column("kernel", justify="right")
    table.add_column("parameters", justify="right", footer=count(total_parameters(rows)))
    table.add_column("share", justify="right")
    table.add_column("multiply-\nadds", justify="right", footer=count(total_multiply_adds(rows)))
    if any(row.receptive_field for row in rows):
        table.add_column("receptive field", justify="right")
    for row in rows:
        table.add_row(
            row.name,
            row.kind,
            shape_text(row.output),
            f"{row.kernel}x{row.kernel}" if row.kernel else "",
            count(row.parameters) if row.parameters else "",
            f"{row.share:.1f} %" if row.parameters else "",
            count(row.multiply_adds) if row.multiply_adds else "",
            *([str(row.receptive_field)] if row.receptive_field else []),
        )
    return table


def _read(presets: PresetLibrary, file: PresetFile) -> tuple[Preset | None, str | None]:
    try:
        return presets.load(file), None
    except SpecError as error:
        return None, str(error)


def _members(spec: SweepSpec) -> Table:
    """A row a run: what it differs in."""
    members = spec.members()
    table = Table(box=None, pad_edge=False)
    table.add_column("run", justify="right")
    paths = list(members[0].values)
    for heading in (*paths, *(() if paths or not members[0].name else ("variant",)), "seed"):
        table.add_column(heading)
    for number, member in enumerate(members, start=1):
        values = [value_text(value) for value in member.values.values()] or ([member.name] if member.name else [])
        table.add_row(str(number), *map(Text, values), str(member.seed))
    return table


def _show_measure(spec: MeasureSpec, file: PresetFile) -> None:
    """Its fields and, where nothing has to be trained or looked up for them, its results."""
    from tp1tui.cli.console import PlainConsole
    from tp1tui.cli.results import print_results

    changed = {change.partition(" = ")[0] for change in spec.changes}
    table = Table("field", "value", box=None, pad_edge=False)
    for key, value in spec.measure.model_dump(mode="json").items():
        path = f"{MEASURE}{key}"
        _add_field(table, path, value, changed)
    show.rich(Text(), table)
    results = instant_results(spec.measure, spec.experiment)
    if results is None:
        show.rich(Text(), Text(f"`{command('run', file.name)}` computes it.", style="dim"))
    else:
        print_results(results, PlainConsole())


def _many(runs: int) -> str:
    return f"{runs} runs" if runs > 1 else "1 run"


def _add_field(table: Table, path: str, value: object, changed: Container[str]) -> None:
    """A row of a table of fields; a changed one is marked."""
    mark = "  (changed)" if path in changed else ""
    table.add_row(Text(path), Text(value_text(value) + mark, style="bold" if mark else ""))


def _experiment(experiment: Experiment, changes: tuple[str, ...]) -> Table:
    """Every field but the layers, which have a table of their own; changed ones are marked."""
    changed = {change.partition(" = ")[0] for change in changes}
    table = Table(box=None, pad_edge=False)
    table.add_column("field")
    table.add_column("value")
    for path, value in fields(experiment):
        if path.startswith("model.layers."):
            continue
        _add_field(table, path, value, changed)
    return table
