#include "brands.h"

const struct brand brands[BRAND_COUNT] = {
    {"norvia",
     "norvia OR norwia OR norviapl OR norviawyciek",
     {"Norvia", "Norvii", "Norvii", "Norvię", "Norvią", "Norvii", "Norvio"},
     "Norwia",
     "NorviaPL",
     "Norvia",
     "718203344501",
     TOPIC_NORVIA,
     8,
     22,
     1,
     740,
     1000,
     48211},
    {"kurierex",
     "kurierex OR kurierx OR kurierexpl OR kurierexafera",
     {"Kurierex", "Kurierexu", "Kurierexowi", "Kurierex", "Kurierexem", "Kurierexie", "Kurierexie"},
     "Kurierx",
     "KurierexPL",
     "Kurierex",
     "690114582207",
     TOPIC_KURIEREX,
     7,
     20,
     1,
     460,
     1900,
     31790},
    {"lakowianka",
     "łąkowianka OR łonkowianka OR lakowiankapl",
     {"Łąkowianka", "Łąkowianki", "Łąkowiance", "Łąkowiankę", "Łąkowianką", "Łąkowiance",
      "Łąkowianko"},
     "Łonkowianka",
     "LakowiankaPL",
     "Łąkowianka",
     "905533817760",
     TOPIC_LAKOWIANKA,
     9,
     17,
     0,
     850,
     1400,
     17455},
};

const char *topic_hashtag(enum topic topic, int brand) {
    switch (topic_brand(topic) == brand ? topic : brands[brand].topic) {
    case TOPIC_NORVIA_LEAK:
        return "#NorviaWyciek";
    case TOPIC_KURIEREX_PARCELS:
        return "#KurierexAfera";
    case TOPIC_NORVIA:
        return "#Norvia";
    case TOPIC_KURIEREX:
    case TOPIC_KURIEREX_FLOOD:
        return "#Kurierex";
    default:
        return "#Łąkowianka";
    }
}

int topic_brand(enum topic topic) {
    switch (topic) {
    case TOPIC_NORVIA:
    case TOPIC_NORVIA_LEAK:
        return 0;
    case TOPIC_KURIEREX:
    case TOPIC_KURIEREX_PARCELS:
    case TOPIC_KURIEREX_FLOOD:
        return 1;
    case TOPIC_LAKOWIANKA:
    case TOPIC_LAKOWIANKA_CAMPAIGN:
    case TOPIC_LAKOWIANKA_PROMO:
        return 2;
    default:
        return BRAND_NONE;
    }
}
