"""The keys of the run screen: which of them are possible now, and what they ask of the worker."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.binding import Binding, BindingType

from tp1tui.journal.commands import Pause, ProbeExample, Resume, Stop, SwitchTo
from tp1tui.journal.events import Probed
from tp1tui.journal.folder import RunFolder, short_name
from tp1tui.spec.experiment import LIVE_SWITCHES, Experiment, Switch
from tp1tui.spec.live import ProbeOf
from tp1tui.tui.plots.sheet import PLOTS
from tp1tui.tui.run.flip import flipped_spec
from tp1tui.tui.run.live import has_boundary, has_probe, number_up_to
from tp1tui.tui.run.look import Look, as_it_goes
from tp1tui.tui.run.watch import RunWatch
from tp1tui.tui.screens.folder_keys import FolderKeys
from tp1tui.tui.screens.plot_keys import ESCAPES, PlotKeys, plot_keys
from tp1tui.tui.switches import SWITCH_KEYS, SWITCH_NAMES, no_images, why_not

if TYPE_CHECKING:
    from tp1tui.spec.frozen import RunSpec

_SWITCH = Binding.Group("switch")
_NEW_RUN = Binding.Group("new run")
_FRONT = Binding.Group("plot")
_PROBE = Binding.Group("probe")


_NEEDS_A_RUN = frozenset(
    (
        *("pause", "go_on", "stop", "leave_running", "resume", "start_now", "leave_line", "export"),
        *("explain_gone", "switch", "offer", "explain", "results", "pictures"),
    )
)


_PROBES = frozenset(("probe_by", "probe_number", "probe_set"))


class RunKeys(PlotKeys, FolderKeys[Look]):
    """A screen that steers one run. What it shows is its subclass's affair."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "pause", id="run.pause"),
        Binding("space", "go_on", "go on", id="run.go_on"),
        Binding("r", "resume", "resume", id="run.resume"),
        Binding("r", "start_now", "start now", id="run.start_now"),
        Binding("r", "explain_gone", show=False, system=True),
        Binding("x", "stop", "stop", id="run.stop"),
        Binding("x", "leave_line", "out of line", id="run.leave_line"),
        Binding("a", "switch('augmentation')", "switch augmentation", group=_SWITCH, id="run.augmentation"),
        Binding("d", "switch('dropout')", "switch dropout", group=_SWITCH, id="run.dropout"),
        Binding("a", "offer('augmentation')", "new run, augmentation flipped", group=_NEW_RUN, id="run.new.a"),
        Binding("d", "offer('dropout')", "new run, dropout flipped", group=_NEW_RUN, id="run.new.d"),
        Binding("n", "offer('standardization')", "new run, standardization flipped", group=_NEW_RUN, id="run.new.n"),
        Binding("b", "offer('batchnorm')", "new run, batch normalization flipped", group=_NEW_RUN, id="run.new.b"),
        *(Binding(key, f"explain('{switch}')", show=False, system=True) for switch, key in SWITCH_KEYS.items()),
        *ESCAPES,
        Binding("escape", "back", "back", id="run.back"),
        Binding("q", "leave_running", "leave", id="run.leave"),
        Binding("q", "app.quit", "quit", id="run.quit"),
        Binding("l", "log", "log", id="run.log"),
        Binding("e", "export", "export", id="run.export"),
        Binding("1", "front('loss')", "loss in front", group=_FRONT, id="run.loss"),
        Binding("2", "front('accuracy')", "accuracy in front", group=_FRONT, id="run.accuracy"),
        Binding("3", "front('batches')", "loss of every batch in front", group=_FRONT, id="run.batches"),
        Binding("5", "front('boundary')", "decision boundary in front", group=_FRONT, id="run.boundary"),
        Binding("6", "front('probe')", "probe in front", group=_FRONT, id="run.probe"),
        Binding("7", "front('device')", "device in front", group=_FRONT, id="run.device"),
        Binding("left", "probe_by(-1)", "example before", group=_PROBE, id="run.probe.before"),
        Binding("right", "probe_by(1)", "next example", group=_PROBE, id="run.probe.next"),
        Binding("g", "probe_number", "example by number", group=_PROBE, id="run.probe.number"),
        Binding("s", "probe_set", "example of the other set", group=_PROBE, id="run.probe.set"),
        Binding("t", "layers", "layers", id="run.layers"),
        Binding("4", "results", "results", id="run.results"),
        Binding("i", "pictures", "pictures", id="run.pictures"),
        *plot_keys(),
        Binding("m", "glyphs", "other plot characters", show=False, id="run.glyphs"),
        Binding("A", "card", "card and answer", show=False, id="run.card"),
    ]

    def __init__(self, folder: RunFolder, reference: RunFolder | None = None, *, results_first: bool = False) -> None:
        """Prepare the screen.

        Args:
            folder: Of the run.
            reference: Another run, whose curves lie behind this one's.
            results_first: Whether the results come to the front as soon as there are some.
        """
        super().__init__(folder)
        self._reference = reference
        self._results_first = results_first
        self._probe_asked: tuple[Probed | None, Probed | None] = (None, None)

    def open_beside(self, folder: RunFolder) -> None:
        """Show another run over this one's curves; leaving it comes back here."""
        raise NotImplementedError

    watched: RunWatch | None = None

    @property
    def saved_in(self) -> tuple[Path, str] | None:
        """A folder within the run's, as long as that is there."""
        if self.look and self.look.gone:
            return None
        return self._folder.path / PLOTS, short_name(self._folder.id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible with this run in its state."""
        look = self.look
        if action == "front" and parameters[0] in ("boundary", "probe"):
            return look is not None and (has_boundary if parameters[0] == "boundary" else has_probe)(look)
        if action in _PROBES:
            return self.probe_in_sight and look is not None and look.is_live and look.record.probed is not None
        if action not in _NEEDS_A_RUN:
            return super().check_action(action, parameters)
        if look is None:
            return False
        match action:
            case "pause":
                return look.state == "running"
            case "go_on":
                return look.state == "paused"
            case "stop" | "leave_running":
                return look.is_live
            case "resume":
                return self.can_resume(look)
            case "start_now" | "leave_line":
                return bool(look.place)
            case "explain_gone":
                return bool(look.gone)
            case "export":
                return look.record.started is not None and not look.gone
            case "pictures":
                return True
            case "results":
                return bool(look.record.findings)
        switch = cast("Switch", parameters[0])
        live = look.is_live and switch in LIVE_SWITCHES
        senseless = why_not(look.spec.experiment, switch) is not None
        return senseless if action == "explain" else not senseless and live == (action == "switch")

    @property
    def probe_in_sight(self) -> bool:
        """Whether the probe's pane is shown, so that its keys mean something."""
        raise NotImplementedError

    # What the keys do.

    def action_probe_by(self, by: int) -> None:
        """Probe the example before or the next one, round and round."""
        probed = self._asked_probe
        if probed:
            number = (probed.of.number - 1 + by) % probed.count + 1
            self._probe(probed.of.model_copy(update={"number": number}))

    def action_probe_set(self) -> None:
        """Probe the first example of the other set."""
        probed = self._asked_probe
        if probed:
            self._probe(ProbeOf(part="test" if probed.of.part == "train" else "train"))

    @work
    async def action_probe_number(self) -> None:
        """Ask for a number, and probe that example."""
        from tp1tui.tui.screens.edit import EditModal

        probed = self._asked_probe
        if probed is None:
            return
        title = f"Number of the {probed.of.part} example to probe"
        hint = f"A whole number from 1 to {probed.count:,}."
        modal = EditModal(title, str(probed.of.number), hint, partial(number_up_to, probed.count))
        number = await self.app.push_screen_wait(modal)
        if number is not None:
            self._probe(probed.of.model_copy(update={"number": number}))

    @property
    def _asked_probe(self) -> Probed | None:
        """The example that was asked for last, or the one that is probed."""
        look = self.look
        if look is None or look.record.probed is None:
            return None
        asked, told = self._probe_asked
        return asked if asked and told is look.record.probed else look.record.probed

    def _probe(self, of: ProbeOf) -> None:
        look = self.look
        if look is None or look.record.probed is None:
            return
        before, refusals = look.record.probed, look.record.refusals
        if of.part == before.of.part:
            self._probe_asked = (before.model_copy(update={"of": of}), before)

        def is_done(look: Look) -> bool:
            return look.record.probed is not before or look.record.refusals > refusals or not look.is_live

        self.send(ProbeExample(of=of), f"probing {of.text}", is_done)

    def action_pause(self) -> None:
        """Let the run stand still."""
        self.send(Pause(), "pausing", lambda look: look.state != "running")

    def action_go_on(self) -> None:
        """Let a paused run go on."""
        self.send(Resume(), "going on", lambda look: look.state != "paused")

    @work
    async def action_stop(self) -> None:
        """Ask, then end the run."""
        look = self.look
        if look is None:
            return
        question = (
            f"Stop this run in epoch {look.epoch} of {look.spec.experiment.epochs}? What it has reached stays, "
            "and it can go on later."
        )
        if await self.is_sure(question, "Stop it", "Let it go on"):
            self.send(Stop(), "stopping", lambda look: not look.is_live)

    def action_switch(self, switch: Switch) -> None:
        """Flip a switch of the run as it goes."""
        look = self.look
        if look is None:
            return
        on = not look.is_on(switch)
        refusals = look.record.refusals

        def is_done(look: Look) -> bool:
            return look.is_on(switch) == on or look.record.refusals > refusals or not look.is_live

        self.send(SwitchTo(switch=switch, on=on), f"switching {switch} {'on' if on else 'off'}", is_done)

    def _experiment_now(self) -> Experiment | None:
        return as_it_goes(self.look) if self.look else None

    def action_pictures(self) -> None:
        """Open training images as this run's network gets them now."""
        from tp1tui.tui.screens.pictures import PicturesScreen

        if self.look is None:
            return
        if reason := no_images(self.look.spec.experiment):
            self.notify(reason, severity="warning")
        else:
            self.app.push_screen(PicturesScreen(self._experiment_now))

    def action_explain(self, switch: Switch) -> None:
        """Say why a switch cannot be flipped here."""
        if self.look:
            self.notify(why_not(self.look.spec.experiment, switch) or "", severity="warning")

    @work
    async def action_offer(self, switch: Switch) -> None:
        """Ask, then start a run with the switch flipped, and show it over this one's curves."""
        look = self.look
        if look is None or self.watched is None:
            return
        spec = flipped_spec(look.spec, switch)
        state = "on" if spec.experiment.is_on(switch) else "off"
        beside = " This one goes on, so both will be slower." if look.state == "running" else ""
        question = f"Start a new run with {SWITCH_NAMES[switch]} {state}, and see it over this one's curves?{beside}"
        if await self.is_sure(question, "Start it", "Not now"):
            self._start_beside(spec)

    def _start_beside(self, spec: RunSpec) -> None:
        from tp1tui.worker import launcher

        start = partial(launcher.start, spec, self.lab.runs_dir, self.lab.device, self.lab.give)
        self.lab.writes.ask("starting a run", start, partial(self.while_here, self.open_beside))
