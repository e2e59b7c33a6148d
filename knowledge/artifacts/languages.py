"""Languages people name, by ISO 639-1 code, English name or their own name.

Source: the ISO 639-1 code list; a region or script may follow the code as in BCP 47 ("pt-BR").
"""

import re

_ENGLISH = """
aa Afar|ab Abkhazian|ae Avestan|af Afrikaans|ak Akan|am Amharic|an Aragonese|ar Arabic|as Assamese|av Avaric|ay Aymara
az Azerbaijani|ba Bashkir|be Belarusian|bg Bulgarian|bi Bislama|bm Bambara|bn Bengali|bo Tibetan|br Breton|bs Bosnian
ca Catalan|ce Chechen|ch Chamorro|co Corsican|cr Cree|cs Czech|cu Church Slavic|cv Chuvash|cy Welsh|da Danish|de German
dv Divehi|dz Dzongkha|ee Ewe|el Greek|en English|eo Esperanto|es Spanish|et Estonian|eu Basque|fa Persian|ff Fulah
fi Finnish|fj Fijian|fo Faroese|fr French|fy Western Frisian|ga Irish|gd Scottish Gaelic|gl Galician|gn Guarani
gu Gujarati|gv Manx|ha Hausa|he Hebrew|hi Hindi|ho Hiri Motu|hr Croatian|ht Haitian Creole|hu Hungarian|hy Armenian
hz Herero|ia Interlingua|id Indonesian|ie Interlingue|ig Igbo|ii Sichuan Yi|ik Inupiaq|io Ido|is Icelandic|it Italian
iu Inuktitut|ja Japanese|jv Javanese|ka Georgian|kg Kongo|ki Kikuyu|kj Kuanyama|kk Kazakh|kl Kalaallisut|km Khmer
kn Kannada|ko Korean|kr Kanuri|ks Kashmiri|ku Kurdish|kv Komi|kw Cornish|ky Kyrgyz|la Latin|lb Luxembourgish|lg Ganda
li Limburgish|ln Lingala|lo Lao|lt Lithuanian|lu Luba-Katanga|lv Latvian|mg Malagasy|mh Marshallese|mi Maori
mk Macedonian|ml Malayalam|mn Mongolian|mr Marathi|ms Malay|mt Maltese|my Burmese|na Nauru|nb Norwegian Bokmål
nd North Ndebele|ne Nepali|ng Ndonga|nl Dutch|nn Norwegian Nynorsk|no Norwegian|nr South Ndebele|nv Navajo|ny Chichewa
oc Occitan|oj Ojibwa|om Oromo|or Odia|os Ossetian|pa Punjabi|pi Pali|pl Polish|ps Pashto|pt Portuguese|qu Quechua
rm Romansh|rn Rundi|ro Romanian|ru Russian|rw Kinyarwanda|sa Sanskrit|sc Sardinian|sd Sindhi|se Northern Sami|sg Sango
si Sinhala|sk Slovak|sl Slovenian|sm Samoan|sn Shona|so Somali|sq Albanian|sr Serbian|ss Swati|st Southern Sotho
su Sundanese|sv Swedish|sw Swahili|ta Tamil|te Telugu|tg Tajik|th Thai|ti Tigrinya|tk Turkmen|tl Tagalog|tn Tswana
to Tongan|tr Turkish|ts Tsonga|tt Tatar|tw Twi|ty Tahitian|ug Uyghur|uk Ukrainian|ur Urdu|uz Uzbek|ve Venda
vi Vietnamese|vo Volapük|wa Walloon|wo Wolof|xh Xhosa|yi Yiddish|yo Yoruba|za Zhuang|zh Chinese|zu Zulu
"""
_OWN_NAMES = {
    "en": "englisch inglés inglês anglais inglese engels",
    "de": "deutsch alemán alemão allemand tedesco duits",
    "es": "español espanol castellano spanisch espanhol espagnol spagnolo",
    "pt": "português portugues portugiesisch portugués portugais brasileiro",
    "fr": "français francais französisch francés francês francese frans",
    "it": "italiano italienisch italien italiaans",
    "nl": "nederlands niederländisch neerlandés holandês holandés flemish",
    "pl": "polski polnisch polaco polonês",
    "sv": "svenska schwedisch sueco",
    "da": "dansk dänisch danés dinamarquês",
    "fi": "suomi finnisch",
    "no": "norsk norwegisch",
    "cs": "čeština tschechisch",
    "tr": "türkçe türkisch turco",
    "ru": "русский russisch ruso russo",
    "uk": "українська ukrainisch",
    "el": "ελληνικά griechisch griego grego",
    "ar": "العربية arabisch árabe",
    "he": "עברית",
    "zh": "中文 mandarin chinesisch chino chinês",
    "ja": "日本語 japanisch japonés japonês",
    "ko": "한국어 koreanisch coreano",
    "hi": "हिन्दी",
    "ca": "català katalanisch catalán catalão",
    "ro": "română rumänisch",
    "hu": "magyar ungarisch",
}

NAMES: dict[str, str] = {
    entry.split(" ", 1)[0]: entry.split(" ", 1)[1] for entry in _ENGLISH.strip().replace("\n", "|").split("|")
}
_CODES: dict[str, str] = {name.casefold(): code for code, name in NAMES.items()} | {
    name: code for code, names in _OWN_NAMES.items() for name in names.split()
}
_TAG = re.compile(r"([a-z]{2})(?:[-_]([a-z]{2}|[a-z]{4}|\d{3}))?", re.IGNORECASE)


def language_code(text: str) -> str | None:
    """Return the code ("de", "pt-BR") of a language given as a code or a name, or None when it is unknown."""
    wanted = text.strip()
    named = _CODES.get(wanted.casefold())
    if named:
        return named
    tag = _TAG.fullmatch(wanted)
    if tag is None or tag[1].lower() not in NAMES:
        return None
    region: str | None = tag[2]
    if region is None:
        return tag[1].lower()
    return f"{tag[1].lower()}-{region.title() if len(region) == 4 else region.upper()}"
