"""The words customers use for the things they usually talk about, and the words that say how they liked it.

Folded words (lower case, accents away), one string a language; ``*`` stands for any ending, ``_`` joins words that
count only together. A word stands where it nearly always means the theme: rather miss a remark than misfile one.
"""

#: theme → language → words
THEMES: dict[str, dict[str, str]] = {
    "price": {
        "en": "price* pricing pricey expensive cheap* cost costs costly affordable overpriced money value_for "
        "worth_it discount* bargain dearer",
        "de": "preis* teuer* gunstig* billig* kosten geld preiswert* rabatt* schnappchen uberteuert*",
        "pt": "preco* caro cara caros caras barat* custo* dinheiro desconto* custa custou promoc* vale_a_pena",
        "es": "precio* caro cara caros caras barat* costo* dinero descuento* cuesta costoso* vale_la_pena economic*",
    },
    "quality": {
        "en": "quality well_made high_end premium shoddy flimsy workmanship craftsmanship",
        "de": "qualitat* hochwertig* minderwertig* verarbeit* wertig*",
        "pt": "qualidade acabamento bem_feito bem_feita mal_feito",
        "es": "calidad acabado* bien_hecho bien_hecha mal_hecho",
    },
    "durability": {
        "en": "durable durability broke broken breaks lasts lasted long_lasting sturdy fell_apart wore_out torn",
        "de": "haltbar* langlebig* kaputt* robust* gebrochen verschleiss* stabil*",
        "pt": "duravel durabilidade quebrou quebrad* resistente dura_muito rasgou estragou",
        "es": "duradero duradera durabilidad rompio roto rota resistente dura_mucho estropeo",
    },
    "delivery": {
        "en": "deliver* shipping shipped shipment arrived arrives courier parcel* late tracking letterbox postage",
        "de": "liefer* versand* zustell* paket* geliefert* angekommen verspat* sendung* dhl hermes",
        "pt": "entreg* frete envio enviad* chegou correios transportadora encomenda* atras* rastre*",
        "es": "entreg* envio* enviad* llego llegaron mensajeri* paquete* retras* transportista seguimiento",
    },
    "service": {
        "en": "service customer_service staff helpful rude replied reply response support responsive answered",
        "de": "service* kundenservice kundendienst* beratung* mitarbeiter* freundlich* unfreundlich* hilfsbereit* "
        "antwort* kontakt*",
        "pt": "atendimento atendente* suporte respond* resposta* educad* atencios* sac",
        "es": "atencion servicio* soporte respond* respuesta* amable* atendieron trato",
    },
    "ease of use": {
        "en": "easy_to easily simple_to intuitive user_friendly complicated confusing instructions set_up setup "
        "hard_to difficult_to effortless",
        "de": "einfach_zu kinderleicht* bedien* handhab* kompliziert* umstandlich* anleitung* unkompliziert* "
        "benutzerfreundlich* intuitiv*",
        "pt": "facil_de facilidade dificil_de pratic* complicad* instruc* intuitiv* manual",
        "es": "facil_de facilidad dificil_de practic* complicad* instruccion* intuitiv* manejar",
    },
    "results": {
        "en": "result* works worked effective ineffective improved improvement difference noticed noticeable useless",
        "de": "ergebnis* wirkt wirkung* wirksam* funktioniert* verbessert* effekt* unterschied* nutzlos*",
        "pt": "resultado* funciona funcionou efeito* eficaz melhorou diferenca eficiente",
        "es": "resultado* funciona funciono efecto* eficaz mejoro diferencia efectiv*",
    },
    "size and fit": {
        "en": "size* sizing fit fits fitted too_small too_big too_tight too_large too_loose true_to_size",
        "de": "grosse* passt passform* passend* zu_klein zu_gross zu_eng zu_weit fallt_klein fallt_gross",
        "pt": "tamanho* serviu serve apertad* larg* pequen* caimento veste",
        "es": "talla* tamano* queda ajusta* apretad* pequen* ancho",
    },
    "comfort": {
        "en": "comfortable comfy comfort uncomfortable soft softness scratchy cosy cozy",
        "de": "bequem* komfort* unbequem* weich* kratzt angenehm*",
        "pt": "confort* desconfort* macio macia maciez",
        "es": "comod* incomod* suave* suavidad comodidad",
    },
    "taste": {
        "en": "taste* tasty flavor* flavour* delicious bland bitter yummy aftertaste",
        "de": "geschmack* schmeckt* lecker* kostlich* bitter* aroma",
        "pt": "sabor* gosto gostos* delicios* amargo saboros*",
        "es": "sabor* delicios* rico rica amargo sabroso sabrosa",
    },
    "scent": {
        "en": "smell* scent* fragrance* perfume odor odour stinks",
        "de": "geruch* duft* riecht* stinkt* parfum*",
        "pt": "cheiro* cheiros* fragranc* perfume* aroma",
        "es": "olor* huele* fragancia* perfume* aroma",
    },
    "design": {
        "en": "design* beautiful* stylish look looks style colour* color* elegant ugly pretty gorgeous",
        "de": "design* schon* aussehen sieht_gut optik* farbe* stil* elegant* hasslich* hubsch* schick*",
        "pt": "design bonit* lind* cor cores estilo elegante fei* visual",
        "es": "diseno* bonit* lind* color* estilo elegante feo fea hermos*",
    },
    "trust": {
        "en": "trust* reliable scam honest dishonest legit fraud* fake genuine authentic recommend*",
        "de": "vertrau* zuverlassig* unzuverlassig* betrug* serios* unserios* ehrlich* empfehl* falschung* echt",
        "pt": "confianca confiav* confiar golpe* honest* fraude* recomend* engan* original falso",
        "es": "confianza confiable* confiar estafa* honest* fraude* recomiend* recomend* engan* fiable* falso",
    },
    "packaging": {
        "en": "packag* packed box boxes wrapped wrapping bottle* lid pump",
        "de": "verpack* karton* schachtel* flasche* deckel",
        "pt": "embalag* caixa* frasco* tampa embalad*",
        "es": "embalaje* empaque* envase* caja* frasco* tapa embalad*",
    },
    "returns": {
        "en": "return returned returns refund* exchange* money_back sent_back warranty guarantee*",
        "de": "ruckgabe* zuruckgeschickt* retour* erstatt* umtausch* widerruf* garantie* gewahrleistung* geld_zuruck",
        "pt": "devoluc* devolv* reembols* troca trocar trocaram estorno* garantia*",
        "es": "devoluc* devolv* reembols* cambio cambiar cambiaron garantia*",
    },
    "side effects": {
        "en": "irritat* rash allerg* burning side_effect* breakout* itchy redness",
        "de": "reizung* ausschlag* allerg* nebenwirkung* juckt* jucken rotung* brennt",
        "pt": "irrita* alerg* coceira ardeu ardor efeito_colateral efeitos_colaterais vermelhidao",
        "es": "irrita* alerg* picazon ardor efecto_secundario efectos_secundarios enrojec*",
    },
    "selection": {
        "en": "selection range choice variety assortment out_of_stock sold_out options",
        "de": "auswahl* sortiment* vielfalt* ausverkauft* angebot*",
        "pt": "variedade* opcoes sortimento esgotad* selecao",
        "es": "variedad* opciones surtido agotad* seleccion",
    },
    "convenience": {
        "en": "convenient convenience saves_time time_saving quick* hassle subscription subscribe* cancel*",
        "de": "bequemlichkeit zeitsparend* schnell* abo* kundig* praktisch* aufwand*",
        "pt": "conveniente conveniencia rapid* assinatura* cancelar cancelei economiza_tempo",
        "es": "conveniente rapid* suscripci* cancelar cancele ahorra_tiempo",
    },
    "sustainability": {
        "en": "sustainab* eco eco_friendly environment* recycl* plastic organic vegan natural",
        "de": "nachhaltig* umwelt* recycl* plastik* bio vegan* naturlich*",
        "pt": "sustentav* ecologic* ambiente recicl* plastico organic* vegan* natural naturais",
        "es": "sostenible* ecologic* ambiente recicl* plastico organic* vegan* natural naturales",
    },
}

#: liked
GOOD: dict[str, str] = {
    "en": "love* great good amazing excellent perfect* wonderful fantastic awesome best nice happy pleased "
    "recommend* delicious beautiful* helpful reliable easy fast quick friendly superb satisfied works impressed "
    "brilliant enjoy* thank thanks favorite favourite worth_it comfortable affordable",
    "de": "liebe* toll* gut* super ausgezeichnet* perfekt* wunderbar* fantastisch* klasse beste* schon* glucklich* "
    "zufrieden* empfehl* lecker* hilfreich* zuverlassig* einfach schnell* freundlich* begeister* top danke "
    "hervorragend* angenehm* bequem* gunstig*",
    "pt": "amo amei adoro adorei otim* bom boa bons boas excelent* perfeit* maravilh* fantastic* melhor* feliz "
    "satisfeit* recomend* delicios* lind* util confiav* facil rapid* atencios* incriv* top obrigad* gostei gosto "
    "confortav*",
    "es": "amo encanta* encanto buen* bien excelent* perfect* maravill* fantastic* mejor* feliz content* satisfech* "
    "recomiend* recomend* delicios* lind* util confiable* facil rapid* amable* increible* gracias gusta gusto comod*",
}
#: did not like
BAD: dict[str, str] = {
    "en": "bad terrible horrible awful poor* worst hate* disappoint* broken broke useless waste* late slow rude "
    "overpriced scam* never_again refund* unhappy annoy* complain* problem* defective damaged wrong missing cheaply "
    "bland fake ugly uncomfortable",
    "de": "schlecht* furchtbar* schrecklich* enttausch* kaputt* nutzlos* spat* verspat* langsam* unfreundlich* "
    "uberteuert* betrug* nie_wieder argerlich* arger* problem* defekt* beschadigt* falsch* fehlt* miserabel* "
    "unzufrieden* mangelhaft* leider teuer*",
    "pt": "ruim ruins horriv* terriv* pessim* pior* odeio odiei decepc* quebrou quebrad* inutil atras* demor* lent* "
    "grosseir* golpe* nunca_mais problem* defeit* danific* errad* falt* insatisfeit* infeliz* caro cara reclam* "
    "enganad*",
    "es": "mal* horrib* terrib* pesim* peor* odio decepc* roto rota inutil* retras* tard* lent* grosero* estafa* "
    "nunca_mas problem* defect* danad* equivocad* falt* insatisfech* desgraciad* caro cara queja* enganad*",
}
#: turns what follows into its opposite
NOT: dict[str, str] = {
    "en": "not no never isnt wasnt don dont doesnt didnt wont cant couldnt hardly barely without nothing neither arent",
    "de": "nicht kein keine keinen keiner keinem keines nie niemals ohne kaum weder nichts",
    "pt": "nao nunca nem sem jamais nada",
    "es": "no nunca ni sin jamas nada tampoco",
}
