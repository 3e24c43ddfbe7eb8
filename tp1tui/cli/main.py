"""The `tp1tui` command: its verbs, in the order in which `--help` lists them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from tp1tui.cli import options, show
from tp1tui.cli.errors import told
from tp1tui.cli.verbs import experiments, installation, runs, screens, steering
from tp1tui.cli.verbs.answers import answers
from tp1tui.cli.verbs.data import data
from tp1tui.cli.verbs.line import line
from tp1tui.cli.verbs.trash import trash
from tp1tui.tui.terminal.ability import Ability

app = typer.Typer(
    name="tp1tui",
    help="A terminal laboratory for a first deep-learning practical. Without a verb, it opens the screen.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_VERBS: dict[str, Callable[..., None]] = {
    "list": experiments.list_presets,
    "show": experiments.show_preset,
    "run": experiments.run_preset,
    "reproduce": experiments.reproduce,
    "runs": runs.runs,
    "label": runs.label,
    "watch": screens.watch,
    "compare": runs.compare,
    "pause": steering.pause,
    "resume": steering.resume,
    "stop": steering.stop,
    "probe": steering.probe,
    "export": runs.export,
    "keys": installation.keys,
    "plot": runs.plot,
    "doctor": installation.doctor,
}
for _name, _verb in _VERBS.items():
    app.command(_name)(_verb)
app.add_typer(data, name="data")
app.add_typer(line, name="line")
app.add_typer(answers, name="answers")
app.add_typer(trash, name="trash")


@app.callback(invoke_without_command=True)
def bare(
    context: typer.Context,
    runs_dir: options.RunsDir = None,
    device: options.Device = None,
    ascii_only: options.Ascii = None,
    theme: options.Theme = None,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    """Open the bench, where questions are chosen and runs are started."""
    if version:
        from tp1tui import __version__

        show.line(f"tp1tui {__version__}")
        raise typer.Exit
    with told():
        options.check_device(device)
        options.check_theme(theme)
    options.for_every_verb(context, runs_dir=runs_dir, device=device, ascii_only=ascii_only, theme=theme)
    if context.invoked_subcommand is None:
        with told():
            screens.open_screen(runs_dir, device, Ability.here(ascii_only=ascii_only), theme)


def main() -> None:
    """The entry point of the `tp1tui` script."""
    app()
