"""WordPress over its REST API (developer.wordpress.org/rest-api, v2, read 2026-11): a draft first, then live.

What always holds: before a page is made, the one that carries our key is looked for, so a crash between making it and
keeping its id makes no second; a page that was deleted there is made again. The operator names the site, so its address
may be a private one; redirects are not followed, because the password would go along.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from assistant.publishing.settings import WordPressSettings
from knowledge.errors import Upstream
from knowledge.json_values import as_object
from knowledge.publishing.models import Place, Post, Sent

if TYPE_CHECKING:
    import httpx

#: seconds of one call; a publication makes six at most
TIMEOUT = 25.0
#: how structured data begins in a post, and what is said when the site did not keep it
SCRIPT = 'type="application/ld+json"'
LOST = (
    "WordPress took the structured data (JSON-LD) out of the page, because the user in ADROOM_WORDPRESS_USER may not save "
    "scripts. The text is complete. Give that user a role that may (unfiltered_html: an administrator or an editor) and "
    "publish again; or let an SEO plugin of the site write the structured data."
)
#: every state in which it may be found; what is in the bin is gone
_STATES = "publish,future,draft,pending,private"
#: bytes of an answer that are read
MOST = 10_000_000


@dataclass(frozen=True)
class WordPress:
    """``knowledge.publishing.models.Publisher`` for one site."""

    settings: WordPressSettings
    place: Place = "wordpress"

    @classmethod
    def of(cls, settings: WordPressSettings | None) -> "WordPress | None":
        return cls(settings) if settings else None

    async def draft(self, post: Post, external_id: str | None) -> Sent:
        """One that is live already is brought up to date and stays live."""
        found = await self._known(post, external_id)
        given = {"title": post.title, "slug": post.slug, "content": post.html, "excerpt": post.excerpt}
        path, more = (f"{_kind(post)}/{found['id']}", {}) if found else (_kind(post), {"status": "draft"})
        made = _sent(await self._ask("POST", path, {**given, **more}))
        return replace(made, lost=await self._lost(post, made.external_id))

    async def _lost(self, post: Post, external_id: str) -> str:
        """What the site did not keep, by what is stored there now: users without the right ``unfiltered_html`` may save
        no script, and WordPress takes it out without a word."""
        if SCRIPT not in post.html:
            return ""
        fields = {"context": "edit", "_fields": "id,content"}
        stored = as_object(await self._ask("GET", f"{_kind(post)}/{external_id}", query=fields))
        content = as_object(stored.get("content"))
        return "" if SCRIPT in str(content.get("raw") or content.get("rendered") or "") else LOST

    async def go_live(self, post: Post, external_id: str) -> Sent:
        return _sent(await self._ask("POST", f"{_kind(post)}/{external_id}", {"status": "publish"}))

    async def _known(self, post: Post, external_id: str | None) -> dict[str, Any] | None:
        """The page we made before: by the id that was kept, else by our key in its content."""
        fields = {"context": "edit", "_fields": "id,link,status,content"}
        if external_id is not None:
            found = await self._ask("GET", f"{_kind(post)}/{external_id}", query=fields, missing=True)
            if isinstance(found, dict) and cast("dict[str, Any]", found).get("status") != "trash":
                return cast("dict[str, Any]", found)
        for query in ({"search": post.key}, {"slug": post.slug}):
            if not all(query.values()):
                continue
            listed = await self._ask("GET", _kind(post), query={**fields, **query, "status": _STATES, "per_page": "20"})
            for one in cast("list[dict[str, Any]]", listed if isinstance(listed, list) else []):
                if post.key in str(as_object(one.get("content")).get("raw") or ""):
                    return one
        return None

    async def _ask(
        self,
        method: str,
        path: str,
        given: dict[str, Any] | None = None,
        *,
        query: dict[str, str] | None = None,
        missing: bool = False,
    ) -> Any:
        """The answer's JSON; None for what is not there, with ``missing``. Raises Upstream."""
        import httpx

        auth = (self.settings.user, self.settings.password)
        url = f"{self.settings.url}/wp-json/wp/v2/{path}"
        try:
            async with httpx.AsyncClient(auth=auth, timeout=TIMEOUT, trust_env=False) as client:
                response = await client.request(method, url, json=given, params=query)
        except httpx.HTTPError as error:
            raise Upstream(
                "WordPress does not answer. Nothing is lost; publish again in a moment.", retryable=True
            ) from error
        if missing and response.status_code in (404, 410):
            return None
        if not response.is_success:
            raise _refusal(response)
        if len(response.content) > MOST:
            raise Upstream("WordPress answered with more than anybody could mean.")
        try:
            return response.json()
        except ValueError as error:
            raise Upstream("There is no WordPress at ADROOM_WORDPRESS_URL: it answered with something else.") from error


def _kind(post: Post) -> str:
    return "pages" if post.page else "posts"


def _sent(answer: object) -> Sent:
    made = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    if not made.get("id"):
        raise Upstream("There is no WordPress at ADROOM_WORDPRESS_URL: it answered with something else.")
    return Sent(str(made["id"]), str(made.get("link") or ""))


def _refusal(response: "httpx.Response") -> Upstream:
    status = response.status_code
    if status in (401, 403):
        return Upstream(
            "WordPress does not let this user publish; look at ADROOM_WORDPRESS_USER and its application password."
        )
    if status == 404:
        return Upstream("WordPress has no REST API at ADROOM_WORDPRESS_URL.")
    if 300 <= status < 400:
        return Upstream("WordPress sends on to another address; set ADROOM_WORDPRESS_URL to that one.")
    retryable = status == 429 or status >= 500
    return Upstream(f"WordPress answered with an error ({status}).", retryable=retryable, status=status)
