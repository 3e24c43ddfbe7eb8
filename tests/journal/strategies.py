"""Any event that a journal may hold, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from tp1tui.journal.events import (
    Batches,
    Changed,
    Checkpoint,
    Epoch,
    Event,
    Failed,
    Finished,
    Measured,
    Paused,
    Preparing,
    Probed,
    Resumed,
    Started,
    Warned,
)
from tp1tui.spec.experiment import SWITCHES
from tp1tui.spec.live import ProbeOf
from tp1tui.spec.results import Axis, Column, Grid, GridPoint, Line, Result, Series, Table, Text

numbers = st.floats()
times = st.floats(min_value=0, max_value=32_503_680_000)
steps = st.integers(min_value=0, max_value=500)
texts = st.text(max_size=30)
flags = st.booleans()

FIGURES = {
    **dict.fromkeys(("train_loss", "train_top1", "train_top5", "test_loss", "test_top1", "test_top5"), numbers),
    **dict.fromkeys(("lr", "images_per_s", "seconds", "elapsed"), numbers),
}


@st.composite
def batches(draw: st.DrawFn) -> Batches:
    losses = draw(st.lists(numbers, max_size=8))
    first = draw(st.integers(min_value=1, max_value=500))
    return Batches(
        time=draw(times),
        step=first + len(losses) - 1,
        first_step=first,
        losses=losses,
        top1=draw(st.lists(numbers, min_size=len(losses), max_size=len(losses))),
        images_per_s=draw(numbers),
    )


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    y = tuple(draw(st.lists(numbers, max_size=5)))
    spread = draw(st.none() | st.just(tuple(abs(value) for value in y)))
    return Line(name=draw(names), x=tuple(map(float, range(len(y)))), y=y, spread=spread)


results: st.SearchStrategy[Result] = st.one_of(
    st.builds(Text, name=names, note=names, text=names),
    st.builds(
        Table,
        name=names,
        columns=st.just((Column(name="a"), Column(name="b", unit="%"))),
        rows=st.lists(st.tuples(st.none() | names | st.integers(-(2**53), 2**53) | flags, numbers), max_size=4).map(
            tuple
        ),
    ),
    st.builds(
        Series, name=names, x=st.just(Axis(name="x")), y=st.just(Axis(name="y", scale="log")), lines=st.tuples(lines())
    ),
    st.builds(
        Grid,
        name=names,
        down=st.just(Axis(name="down")),
        across=st.just(Axis(name="across")),
        values=st.lists(st.tuples(st.none() | numbers, numbers), max_size=3).map(tuple),
    ),
    st.builds(
        Grid,
        name=names,
        down=st.just(Axis(name="x2")),
        across=st.just(Axis(name="x1")),
        content=st.just("probabilities"),
        values=st.just(((0.25, 1.0), (0.0, 0.5))),
        down_values=st.just((2.0, -2.0)),
        across_values=st.just((-2.0, 2.0)),
        class_names=st.just(("disc", "ring")),
        points=st.lists(
            st.builds(GridPoint, numbers, numbers, st.integers(0, 9), st.sampled_from(("train", "test")), flags, flags),
            max_size=3,
        ).map(tuple),
    ),
)

events: st.SearchStrategy[Event] = st.one_of(
    batches(),
    st.builds(
        Started,
        time=times,
        step=steps,
        host=texts,
        user=texts,
        device=texts,
        device_name=texts,
        versions=st.dictionaries(texts, texts, max_size=3),
        data=st.dictionaries(texts, texts, max_size=3),
        git=st.none() | texts,
    ),
    st.builds(Preparing, time=times, step=steps, what=texts),
    st.builds(
        Epoch,
        time=times,
        step=steps,
        epoch=st.integers(min_value=0, max_value=20),
        **FIGURES,
    ),
    st.builds(Changed, time=times, step=steps, switch=st.sampled_from(SWITCHES), old=flags, new=flags, epoch=numbers),
    st.builds(Paused, time=times, step=steps),
    st.builds(Resumed, time=times, step=steps, from_checkpoint=flags, device=texts),
    st.builds(Checkpoint, time=times, step=steps, file=texts),
    st.builds(Measured, time=times, step=steps, result=results),
    st.builds(
        Probed,
        time=times,
        step=steps,
        of=st.builds(ProbeOf, part=st.sampled_from(("train", "test")), number=st.integers(1, 99)),
        count=st.integers(1, 99),
    ),
    st.builds(Warned, time=times, step=steps, message=texts),
    st.builds(Failed, time=times, step=steps, reason=texts, details=texts),
    st.builds(Finished, time=times, step=steps),
)
