"""How each tone and each role of a plot looks, by the theme's variables.

They are no component classes: Textual styles each of a widget's whenever it styles the widget, and there are some forty
tones, few of which a widget ever draws.
"""

from __future__ import annotations

from collections.abc import Mapping

from tp1tui.tui.plots.chart import FAINT, LINES, Role
from tp1tui.tui.run.lines import Tone

STYLES: Mapping[str, str] = {
    Tone.DIM: "$foreground 60%",
    Tone.STRONG: "bold",
    Tone.GOOD: "$success",
    Tone.BAD: "bold $error",
    Tone.WARN: "$warning",
    Tone.KEY: "bold $footer-key-foreground",
    Tone.CHOSEN: "bold $block-cursor-foreground on $block-cursor-background",
    Tone.BAR: "$primary",
    Tone.REST: "$foreground 25%",
    Role.TRAIN: "$primary",
    Role.CLEAN: "$success",
    Role.TEST: "bold $accent",
    Role.VALIDATION: "$line-7",
    Role.RAW: "$raw",
    Role.SMOOTH: "bold $primary",
    Role.REFERENCE: "$foreground 40%",
    Role.FRAME: "$frame",
    Role.LABEL: "$foreground 60%",
    Role.MARK: "$warning 85%",
    Role.BAND: "$success 75%",
    Role.FAULT: "bold $error",
    Role.CURSOR: "$foreground",
    Role.LIT: "bold $foreground",
    **{role: f"$line-{number}" for number, role in enumerate(LINES, 1)},
    **{role: f"$line-{number} 40%" for number, role in enumerate(FAINT, 1)},
}
"""In Textual's notation; what is not said, a background above all, is the widget's."""
