"""What MJML allows: each tag, where it may stand, and its attributes.

Source: the component reference of MJML 4 (documentation.mjml.io), read for version 4.15, November 2026. Kept as data,
because the renderer in use draws a misspelled tag, a column outside of a section or a picture without a text in
silence, as nothing or wrongly.
"""

DATED = "2026-11-21"

_BODY_LEVEL = frozenset({"mj-body", "mj-wrapper"})
_COLUMN = frozenset({"mj-column", "mj-hero"})

#: tag → tags it may stand in
PARENTS: dict[str, frozenset[str]] = {
    "mjml": frozenset({""}),
    "mj-head": frozenset({"mjml"}),
    "mj-body": frozenset({"mjml"}),
    "mj-attributes": frozenset({"mj-head"}),
    "mj-all": frozenset({"mj-attributes"}),
    "mj-class": frozenset({"mj-attributes"}),
    "mj-breakpoint": frozenset({"mj-head"}),
    "mj-font": frozenset({"mj-head"}),
    "mj-html-attributes": frozenset({"mj-head"}),
    "mj-selector": frozenset({"mj-html-attributes"}),
    "mj-html-attribute": frozenset({"mj-selector"}),
    "mj-preview": frozenset({"mj-head"}),
    "mj-style": frozenset({"mj-head"}),
    "mj-title": frozenset({"mj-head"}),
    "mj-wrapper": frozenset({"mj-body"}),
    "mj-section": _BODY_LEVEL,
    "mj-hero": _BODY_LEVEL,
    "mj-group": frozenset({"mj-section"}),
    "mj-column": frozenset({"mj-section", "mj-group"}),
    "mj-raw": frozenset({"mj-head", "mj-body", "mj-wrapper", "mj-section", "mj-group", "mj-column", "mj-hero"}),
    "mj-accordion": _COLUMN,
    "mj-accordion-element": frozenset({"mj-accordion"}),
    "mj-accordion-title": frozenset({"mj-accordion-element"}),
    "mj-accordion-text": frozenset({"mj-accordion-element"}),
    "mj-button": _COLUMN,
    "mj-carousel": _COLUMN,
    "mj-carousel-image": frozenset({"mj-carousel"}),
    "mj-divider": _COLUMN,
    "mj-image": _COLUMN,
    "mj-navbar": _COLUMN,
    "mj-navbar-link": frozenset({"mj-navbar"}),
    "mj-social": _COLUMN,
    "mj-social-element": frozenset({"mj-social"}),
    "mj-spacer": _COLUMN,
    "mj-table": _COLUMN,
    "mj-text": _COLUMN,
}

#: tags whose inside is HTML or text, not MJML
ENDING = frozenset(
    {
        "mj-accordion-text",
        "mj-accordion-title",
        "mj-button",
        "mj-html-attribute",
        "mj-navbar-link",
        "mj-preview",
        "mj-raw",
        "mj-social-element",
        "mj-style",
        "mj-table",
        "mj-text",
        "mj-title",
    }
)

_PADDING = "padding padding-top padding-right padding-bottom padding-left"
_EVERYWHERE = "css-class mj-class"
_FONT = "color font-family font-size font-style font-weight letter-spacing line-height text-decoration text-transform"
_BORDER = "border border-top border-right border-bottom border-left border-radius"
_INNER = " ".join(f"inner-{name}" for name in (*_BORDER.split(), "background-color"))
_BACKGROUND = (
    "background-color background-url background-position background-position-x background-position-y "
    "background-repeat background-size"
)
_SECTION = f"{_PADDING} {_BORDER} {_BACKGROUND} direction full-width text-align text-padding gap"

_ATTRIBUTES: dict[str, str] = {
    "mjml": "lang dir owa",
    "mj-head": "",
    "mj-body": "background-color width lang dir id",
    "mj-attributes": "",
    "mj-breakpoint": "width",
    "mj-font": "name href",
    "mj-html-attributes": "",
    "mj-selector": "path",
    "mj-html-attribute": "name",
    "mj-preview": "",
    "mj-style": "inline",
    "mj-title": "",
    "mj-raw": "position",
    "mj-wrapper": _SECTION,
    "mj-section": _SECTION,
    "mj-hero": f"{_PADDING} {_BACKGROUND} background-height background-width border-radius height mode "
    "vertical-align width container-background-color inner-background-color "
    "inner-padding inner-padding-top inner-padding-right inner-padding-bottom inner-padding-left",
    "mj-group": "background-color direction vertical-align width",
    "mj-column": f"{_PADDING} {_BORDER} {_INNER} background-color direction vertical-align width",
    "mj-accordion": f"{_PADDING} border container-background-color font-family icon-align icon-height "
    "icon-position icon-unwrapped-alt icon-unwrapped-url icon-width icon-wrapped-alt icon-wrapped-url",
    "mj-accordion-element": "background-color border font-family icon-align icon-height icon-position "
    "icon-unwrapped-alt icon-unwrapped-url icon-width icon-wrapped-alt icon-wrapped-url",
    "mj-accordion-title": f"{_PADDING} background-color color font-family font-size font-weight",
    "mj-accordion-text": f"{_PADDING} background-color color font-family font-size font-weight letter-spacing "
    "line-height",
    "mj-button": f"{_PADDING} {_BORDER} {_FONT} align background-color container-background-color height href "
    "inner-padding name rel target text-align title vertical-align width",
    "mj-carousel": f"{_PADDING} align border-radius container-background-color icon-width left-icon right-icon tb-border "
    "tb-border-radius tb-hover-border-color tb-selected-border-color tb-width thumbnails",
    "mj-carousel-image": "alt href rel src target thumbnails-src title border-radius tb-border tb-border-radius",
    "mj-divider": f"{_PADDING} align border-color border-style border-width container-background-color width",
    "mj-image": f"{_PADDING} {_BORDER} align alt container-background-color fluid-on-mobile font-size height href "
    "max-height name rel sizes src srcset target title usemap width",
    "mj-navbar": f"{_PADDING} align base-url container-background-color hamburger ico-align ico-close ico-color "
    "ico-font-family ico-font-size ico-line-height ico-open ico-padding ico-padding-top ico-padding-right "
    "ico-padding-bottom ico-padding-left ico-text-decoration ico-text-transform",
    "mj-navbar-link": f"{_PADDING} {_FONT} href name rel target",
    "mj-social": f"{_PADDING} {_FONT} align border-radius container-background-color icon-height icon-padding icon-size "
    "inner-padding mode table-layout text-padding vertical-align",
    "mj-social-element": f"{_PADDING} {_FONT} align alt background-color border-radius href icon-height icon-padding "
    "icon-position icon-size name rel sizes src srcset target text-padding title vertical-align",
    "mj-spacer": f"{_PADDING} container-background-color height",
    "mj-table": f"{_PADDING} {_FONT} align border cellpadding cellspacing container-background-color role table-layout "
    "vertical-align width",
    "mj-text": f"{_PADDING} {_FONT} align container-background-color height vertical-align",
}
#: tag → attributes it knows; tags that are not in here (mj-all, mj-class) take those of every tag
ATTRIBUTES: dict[str, frozenset[str]] = {
    tag: frozenset(f"{names} {_EVERYWHERE}".split()) for tag, names in _ATTRIBUTES.items()
}
ANY_ATTRIBUTE = frozenset(name for names in ATTRIBUTES.values() for name in names) | {"name"}

#: tag → attributes without which it draws nothing or something wrong
NEEDED: dict[str, tuple[str, ...]] = {
    "mj-image": ("src",),
    "mj-carousel-image": ("src",),
    "mj-font": ("name", "href"),
    "mj-class": ("name",),
    "mj-navbar-link": ("href",),
}
#: pictures: what they show has to be said for whoever does not see them (an empty text says "decoration")
NEEDS_ALT = frozenset({"mj-image", "mj-carousel-image", "img"})
#: HTML that mail programs remove or that has no place in an email
_REMOVED = "script iframe object embed form input button select textarea video audio svg link base"
FORBIDDEN_HTML = frozenset(_REMOVED.split())
#: HTML elements without an end (HTML Living Standard, 13.1.2)
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
