"""Which addresses belong to the public internet.

What always holds: what is not known to be public is refused. IPv4: everything but the blocks that the IANA IPv4
Special-Purpose Address Registry (2025-11) does not call global, multicast and class E. IPv6: only global unicast
(2000::/3) without its special blocks; so loopback, link-local, unique local, IPv4-mapped and NAT64 addresses fall out.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

IPAddress = IPv4Address | IPv6Address

_NOT_PUBLIC_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a public number that a cloud's machines reach their own host by
    )
)  # fmt: skip
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(block)
    # protocol assignments with Teredo, documentation (twice), 6to4, AS112
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


def is_public(address: IPAddress) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _NOT_PUBLIC_4)
    if address.scope_id is not None:
        return False
    return address in _GLOBAL_6 and not any(address in block for block in _NOT_PUBLIC_6)


def parse(text: str) -> IPAddress | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
