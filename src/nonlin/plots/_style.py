"""How every picture looks: colours, markers, ink and paper, type sizes, and the SVG for dark pages too."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.gridspec import SubplotSpec
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.transforms import Bbox, ScaledTranslation

INK = "#1f2328"  # every text, axis, tick and arrow: one colour, so that a dark page can swap it
PAPER = "#ffffff"  # every neutral fill
DARK_INK, DARK_PAPER = "#e6e8eb", "#16181c"

# Orange and blue differ for every kind of colour vision; the others follow in falling distance from these.
COLOURS = (
    "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#56b4e9",
    "#e69f00", "#6a3d9a", "#8a8a8a", "#7b3f1d", "#a5b000",
)  # fmt: skip
MARKERS = (
    "o",
    "s",
    "^",
    "D",
    "v",
    "P",
    "X",
    "<",
    ">",
    "*",
    "p",
)  # 11 to 10 colours: 110 pairs before one repeats
COLOUR_MAP = "viridis"  # perceptually uniform

# For letters that matplotlib's own font lacks, such as those of Chinese, Japanese and Korean: whichever is installed.
MORE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Droid Sans Fallback", "IPAexGothic", "IPAGothic", "NanumGothic", "PingFang SC",
    "Hiragino Sans", "Hiragino Sans GB", "Apple SD Gothic Neo", "Microsoft YaHei", "Yu Gothic", "MS Gothic",
    "Malgun Gothic", "Arial Unicode MS",
)  # fmt: skip

TEXT, SMALL, TITLE = 9.0, 8.0, 11.0  # type sizes in points
LINE, THIN, HAIR = 1.8, 1.1, 0.6  # line widths in points
FAINT = 0.35  # opacity of what must be there but not seen first
DENSE = 300  # points; above this an SVG holds them as pixels
RASTER_DPI = 150


def colour(k: int) -> str:
    """Colour of the k-th class or curve."""
    return COLOURS[k % len(COLOURS)]


def marker(k: int) -> str:
    """Marker of the k-th class."""
    return MARKERS[k % len(MARKERS)]


def plain(text: object, width: int = 32) -> str:
    """Keep matplotlib from reading dollars as formulas, and shorten to ``width`` in the middle."""
    words = " ".join(str(text).split())
    if len(words) > width:
        words = f"{words[: (width - 1) * 2 // 3].rstrip()}…{words[-((width - 1) // 3) :].lstrip()}"
    return words.replace("$", r"\$")


@contextmanager
def any_letters() -> Iterator[None]:
    """Let the figures made and drawn here take letters from more fonts, and say nothing of those that no font has."""
    installed = {font.name for font in fontManager.ttflist}
    families = [*mpl.rcParams["font.family"], *(name for name in MORE_FONTS if name in installed)]
    with mpl.rc_context({"font.family": families}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"(?s)Glyph \d+ .* missing from font", UserWarning)
        yield


def axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """Return the given Axes, or those of a new pyplot figure of ``size`` inches, in the house style."""
    if ax is None:
        import matplotlib.pyplot as plt

        ax = plt.figure(figsize=size, layout="constrained", facecolor=PAPER).add_subplot()
    return dress(ax)


def dress(ax: Axes) -> Axes:
    """Set ink, type and frame of one Axes; its background becomes transparent."""
    ax.set_facecolor("none")
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[:].set(color=INK, linewidth=HAIR)
    ax.tick_params(which="both", color=INK, labelcolor=INK, labelsize=SMALL, width=HAIR)
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set(color=INK, fontsize=TEXT)
        axis.get_offset_text().set(color=INK, fontsize=SMALL)
    ax.title.set(color=INK, fontsize=TITLE)
    return ax


def last_step(model: Any) -> Any:
    """Return the estimator at the end of a pipeline, the best of a search, or the model itself."""
    inner = getattr(model, "best_estimator_", model)
    steps = getattr(inner, "steps", None)
    return inner if not steps else last_step(steps[-1][1])


def outside_legend(ax: Axes, handles: Sequence[Artist], beyond: float = 4.0) -> Legend:
    """Put a legend to the right of the Axes, ``beyond`` points from it, where it hides nothing."""
    away = ScaledTranslation(beyond / 72, 0.0, ax.figure.dpi_scale_trans)
    return ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), bbox_transform=ax.transAxes + away,
        borderaxespad=0.0, frameon=False, fontsize=SMALL, labelcolor=INK, alignment="left",
        handlelength=1.4, handletextpad=0.5,
    )  # fmt: skip


def inches(ax: Axes) -> tuple[float, float]:
    """Return width and height of the Axes as they are now."""
    box = ax.get_window_extent()
    return box.width / ax.figure.dpi, box.height / ax.figure.dpi


def arrange(ax: Axes) -> None:
    """Let the figure's layout engine, if it has one, place the Axes now: their size is final after that."""
    fig = ax.figure.get_figure(root=True)
    engine = fig.get_layout_engine()
    if engine is not None:
        engine.execute(fig)


def settle(ax: Axes, *twins: Axes) -> Axes:
    """Keep what hangs around the Axes in sight, where the figure has no layout engine to do it."""
    if ax.figure.get_figure(root=True).get_layout_engine() is None:
        room = _Room(ax, twins)
        for each in (ax, *twins):
            each.set_axes_locator(room)
    return ax


class _Room:
    """Makes Axes smaller until their words lie in the figure, and a legend or colour bar in their old place.

    matplotlib asks it at each drawing, so a later ``tight_layout()`` or a new size is followed.
    """

    def __init__(self, ax: Axes, twins: Sequence[Axes]) -> None:
        self.ax, self.twins, self.measuring = ax, twins, False

    def get_subplotspec(self) -> SubplotSpec | None:
        """Tell ``tight_layout`` which place in the grid is meant."""
        return self.ax.get_subplotspec()

    def __call__(self, _: object, renderer: Any) -> Bbox:
        box = self.ax.get_position(original=True)
        engine = self.ax.figure.get_figure(root=True).get_layout_engine()
        if self.measuring or isinstance(engine, ConstrainedLayoutEngine):
            return box
        self.measuring = True
        try:
            extents = [e for each in (self.ax, *self.twins) if (e := each.get_tightbbox(renderer))]
        finally:
            self.measuring = False
        return self._squeezed(box, Bbox.union(extents).transformed(self.ax.figure.transSubfigure.inverted()))

    def _squeezed(self, box: Bbox, used: Bbox) -> Bbox:
        hangs = self.ax.get_legend() is not None or bool(self.ax.child_axes)
        left, low = box.x0 + max(0.0, 0.01 - used.x0), box.y0 + max(0.0, 0.01 - used.y0)
        right = box.x1 - max(0.0, used.x1 - (box.x1 if hangs else 0.99))
        top = box.y1 - max(0.0, used.y1 - 0.99)
        return Bbox.from_extents(left, low, max(right, left + 0.3 * box.width), max(top, low + 0.3 * box.height))


def to_svg(fig: Figure) -> str:
    """Write the figure as one compact SVG that needs no font and follows the reader's light or dark scheme.

    Shades and clouds of more than 300 points are held as pixels (150 dpi), all else as paths. The page shows
    through. The same figure gives the same text. Use it as ``<img src="data:image/svg+xml;base64,…">``.

    Parameters
    ----------
    fig : Figure
        A figure drawn by this package: ink and paper are the two colours that are swapped.

    Returns
    -------
    str
        ``<svg …>…</svg>``, without XML declaration.

    Examples
    --------
    >>> to_svg(Figure(figsize=(1, 1)))[:5]
    '<svg '
    """
    page = io.StringIO()
    nothing: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with mpl.rc_context({"svg.hashsalt": "nonlin", "svg.fonttype": "path"}), _dense_as_pixels(fig):
        fig.savefig(page, format="svg", dpi=RASTER_DPI, facecolor="none", edgecolor="none", metadata=nothing)
    text = page.getvalue()
    text = re.sub(r"<!--.*?-->", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r">\s+<", "><", text).strip()
    return text.replace(">", f"><style>{_dark_rule()}</style>", 1)


def _dark_rule() -> str:
    swaps = ((INK, DARK_INK), (PAPER, DARK_PAPER))
    rules = (f'[style*="{p}: {a}"]{{{p}:{b}!important}}' for a, b in swaps for p in ("fill", "stroke"))
    return f"@media (prefers-color-scheme: dark){{{''.join(rules)}}}"


@contextmanager
def _dense_as_pixels(fig: Figure) -> Iterator[None]:
    clouds = _dense(fig)
    before = [cloud.get_rasterized() for cloud in clouds]
    for cloud in clouds:
        cloud.set_rasterized(True)
    try:
        yield
    finally:
        for cloud, was in zip(clouds, before, strict=True):
            cloud.set_rasterized(was)


def _dense(fig: Figure) -> list[Any]:
    """Find the clouds with too many points; those with one rim go together, so that classes look alike."""
    groups: dict[tuple[int, str], list[Any]] = {}
    found: list[Any] = fig.findobj(PathCollection)
    for cloud in found:
        rim = str(cloud.get_edgecolor()[:1])
        groups.setdefault((id(cloud.axes), rim), []).append(cloud)
    many = (group for group in groups.values() if sum(len(c.get_offsets()) for c in group) > DENSE)
    return [cloud for group in many for cloud in group]
