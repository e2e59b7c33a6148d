"""What became of an import, in one or two sentences for the person whose file it was."""

from knowledge.imports.models import Import

_NOUNS = {"swipes": ("ad", "ads"), "voc": ("quote", "quotes"), "document": ("document", "documents")}


def sentence_of(row: Import) -> str:
    """Such as: ``‘ads.json’: 1,204 ads, 1,200 new, 4 changed. 3 rows could not be used; …``"""
    said = [_came_in(row)]
    if row.rows_merged:
        rows = "row was" if row.rows_merged == 1 else "rows were"
        said.append(f"{row.rows_merged:,} {rows} said again later in the file; the last one counts.")
    if row.rows_rejected:
        said.append(f"{_many(row.rows_rejected, 'row', 'rows')} could not be used; each is listed with its reason.")
    if row.near_duplicates:
        what = _many(row.near_duplicates, *_NOUNS[row.kind])
        nearly = "says" if row.near_duplicates == 1 else "say"
        said.append(
            f"{what} {nearly} nearly the same as another and {'is' if nearly == 'says' else 'are'} linked to it."
        )
    return " ".join(said)


def _came_in(row: Import) -> str:
    one, many = _NOUNS[row.kind]
    came = row.rows_new + row.rows_changed
    if not came and row.rows_unchanged:
        there = f"the {one} in it is" if row.rows_unchanged == 1 else f"all {row.rows_unchanged:,} {many} in it are"
        return f"Nothing new in ‘{row.filename}’: {there} here already."
    if not came:
        return f"‘{row.filename}’ has no {many} that could come in."
    kinds = ((row.rows_new, "new"), (row.rows_changed, "changed"), (row.rows_unchanged, "here already as they were"))
    parts = [f"{count:,} {what}" for count, what in kinds if count]
    total = _many(came + row.rows_unchanged, one, many)
    return f"‘{row.filename}’: {total}, {', '.join(parts)}."


def _many(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
