"""`tp1tui list` and `tp1tui show`."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from tp1tui import settings
from tp1tui.cli import show
from tp1tui.spec.arithmetic import shape_text, total_multiply_adds, total_parameters
from tp1tui.spec.asking import edited, frozen, values_of, varied
from tp1tui.spec.changes import fields, value_text
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError
from tp1tui.spec.frozen import Frozen, SweepSpec
from tp1tui.spec.preset_files import PresetFile, PresetLibrary
from tp1tui.tui.text import count
from tp1tui.tui.words import flowing, report_text


def library() -> PresetLibrary:
    """Every preset that can be had here."""
    return PresetLibrary(settings.preset_dirs())


def resolve(name: str, changes: list[str], vary: list[str], seeds: int | None) -> tuple[PresetFile, Frozen | SweepSpec]:
    """A preset by the beginning of its name, and what it asks for.

    Args:
        name: Of the preset.
        changes: As `--set` takes them.
        vary: As `--vary` takes them.
        seeds: Runs of every point; None for what the preset says.

    Raises:
        UnknownPreset: No preset begins so, or several do.
        SpecError: The preset or a change is not allowed.
    """
    presets = library()
    file = presets.find(name)
    preset = presets.load(file)
    asked = edited(preset, changes)
    if vary or seeds is not None:
        asked = varied(asked, dict(map(values_of, vary)), seeds)
    return file, frozen(file.id, preset, asked)


def show_all(*, as_json: bool) -> None:
    """Every preset, by section."""
    presets = library()
    rows = [(file, *_title(presets, file)) for file in presets.all()]
    if as_json:
        show.as_json(
            [
                {
                    "id": file.id,
                    "section": file.section,
                    "title": title,
                    "origin": file.origin,
                    "path": file.path,
                    "problem": problem,
                }
                for file, title, problem in rows
            ]
        )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("preset", "what it is", "from"):
        table.add_column(heading)
    section = None
    for file, title, problem in rows:
        if section is not None and file.section != section:
            table.add_row()
        section = file.section
        table.add_row(Text(file.id), Text(problem or title, style="red" if problem else ""), Text(file.origin))
    show.rich(table)


def show_one(name: str, changes: list[str], *, as_json: bool) -> None:
    """One preset, whole."""
    file, spec = resolve(name, changes, [], None)
    if as_json:
        show.as_json({"id": file.id, "origin": file.origin, **spec.model_dump(mode="json")})
        return
    show.rich(
        Text(f"{file.id}: {spec.title}", style="bold"),
        Text(f"from {file.origin}, {file.path}", style="dim"),
        Text(),
        Text(flowing(spec.question)),
    )
    for heading, text in (("Look for", spec.look_for), ("Note", spec.note)):
        if text.strip():
            show.rich(Text(), Text(heading, style="bold"), Text(flowing(text)))
    show.rich(Text(), Text("The report", style="bold"), Text(report_text(spec.report) or "It has no figure for this."))
    if spec.experiment:
        show.rich(Text(), _experiment(spec.experiment, spec.changes), Text(), layers(spec.experiment))


def layers(experiment: Experiment) -> Table:
    """The layer table, with its totals."""
    rows = experiment.layer_table()
    table = Table(box=None, pad_edge=False, show_footer=True)
    table.add_column("layer", footer="total")
    table.add_column("kind")
    table.add_column("output")
    table.add_column("kernel", justify="right")
    table.add_column("parameters", justify="right", footer=count(total_parameters(rows)))
    table.add_column("share", justify="right")
    table.add_column("multiply-\nadds", justify="right", footer=count(total_multiply_adds(rows)))
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
            str(row.receptive_field) if row.receptive_field else "",
        )
    return table


def _title(presets: PresetLibrary, file: PresetFile) -> tuple[str, str | None]:
    try:
        return presets.load(file).title, None
    except SpecError as error:
        return "", str(error)


def _experiment(experiment: Experiment, changes: tuple[str, ...]) -> Table:
    """Every field but the layers, which have a table of their own; changed ones are marked."""
    changed = {change.partition(" = ")[0] for change in changes}
    table = Table(box=None, pad_edge=False)
    table.add_column("field")
    table.add_column("value")
    for path, value in fields(experiment):
        if path.startswith("model.layers."):
            continue
        mark = "  (changed)" if path in changed else ""
        table.add_row(Text(path), Text(value_text(value) + mark, style="bold" if mark else ""))
    return table
