/* What names people in a text is masked in every disguise, and other figures stay. */
#include "stages/mask/mask.h"
#include "tap.h"

#include <stdlib.h>

static struct public_handles handles;

static void check(const char *text, const char *want) {
    struct buf out;
    buf_init(&out, 1 << 20);
    mask_text(span_of(text), &handles, &out);
    CHECK_SPAN(buf_as_span(&out), want);
    buf_release(&out);
}

static void stays(const char *text) {
    check(text, text);
}

static void test_handles(void) {
    check("@jan_kowalski pomóż", "@… pomóż");
    check("do @NorviaPL i @norviapl, @ktoś", "do @NorviaPL i @norviapl, @…");
    check("@a@mastodon.example: hej", "@…: hej");
    check("koniec @adam.", "koniec @….");
    check("@adam.b-c!", "@…!");
    check("@NorviaPL.Dramat", "@NorviaPL.Dramat");
    stays("sam @ i @@ koniec @");
    check("＠ｊａｎ＿ｋ pisze", "＠… pisze");
    check("&#64;jan_k, &commat;jan_k, &#x40;jan_k, &amp;#64;jan_k",
          "&#64;…, &commat;…, &#x40;…, &amp;#64;…");
    check("@\xE2\x80\x8Bjan\xE2\x81\xA0_k\xC2\xAD"
          "owal pisze",
          "@\xE2\x80\x8B… pisze");
    check("@ jan_kowalski pisze", "@ … pisze");
    check("@ j a n k o w pisze", "@ … pisze");
    check("@jan _kowalski i @jan_ kowalski", "@… i @…");
    check("𝐣𝐚𝐧 @𝐣𝐚𝐧_𝟏𝟐", "𝐣𝐚𝐧 @…");
    check("@jan\\_kowalski", "@…");
    check("\\u0040jan %40jan", "\\u0040… %40…");
    check("@Żółw_99", "@…");
    check("pisz u/kowal albo /u/kowal, u/ko\\_wal", "pisz u/… albo /u/…, u/…");
    check("r/u_kowal i u_kowal, u / kowal", "r/u_… i u_…, u / …");
    stays("spotkanie @ 12:30 i 3 @ 5 zł, menu/u-boot");
}

static void test_mail(void) {
    check("jan.kowalski+x@gmail.com", "…@gmail.com");
    check("Pisz:żółw@wp.pl.", "Pisz:…@wp.pl.");
    check("jan＠wp．pl, jan&#64;wp.pl", "…＠wp．pl, …&#64;wp.pl");
    check("jan @ wp.pl i jan @ wp . pl", "… @ wp.pl i … @ wp . pl");
    check("jan (at) gmail (dot) com", "… (at) gmail (dot) com");
    check("jan[at]gmail[.]com, jan{at}x{dot}pl", "…[at]gmail[.]com, …{at}x{dot}pl");
    check("jan.kow małpa wp kropka pl", "… małpa wp kropka pl");
    check("jan kropka kow małpa wp.pl", "… małpa wp.pl");
    check("jan(małpa)onet.pl", "…(małpa)onet.pl");
    check("jan at gmail dot com", "… at gmail dot com");
    check("j a n k @ g m a i l . c o m", "… @ g m a i l . c o m");
    check("mailto:jan@x.pl", "mailto:…@x.pl");
    check("jan%40x.pl", "…%40x.pl");
    stays("look at norvia.pl, ta małpa skoczyła, kropka nad i");
}

static void test_pages(void) {
    check("zobacz https://x.com/kowal/status/1 i dalej", "zobacz https://x.com/… i dalej");
    stays("https://x.com/NorviaPL/status/1, twitter.com/norviapl?s=1");
    check("http://m.facebook.com/profile.php?id=1000123, fb.me/jan.k",
          "http://m.facebook.com/…, fb.me/…");
    check("pl.linkedin.com/in/jan-kowalski-12/", "pl.linkedin.com/…");
    check("https://nitter.net/jan https://vxtwitter.com/jan/status/2",
          "https://nitter.net/… https://vxtwitter.com/…");
    check("https://old.reddit.com/user/jan/comments", "https://old.reddit.com/…");
    stays("https://reddit.com/r/Polska i youtube.com/watch?v=abc");
    check("reddit.com/r/Polska/comments/1/jan, reddit.com/r/u_jan",
          "reddit.com/r/Polska/…, reddit.com/r/…");
    check("https://web.archive.org/web/2020/https://twitter.com/jan",
          "https://web.archive.org/web/2020/https://twitter.com/…");
    check("https://www.google.com/url?q=https%3A%2F%2Ftwitter.com%2Fjan&sa=D",
          "https://www.google.com/url?q=https%3A%2F%2Ftwitter.com%2F…");
    check("https://twitter-com.translate.goog/jan", "https://twitter-com.translate.goog/…");
    check("hxxps://twitter[.]com/jan, twitter . com / jan",
          "hxxps://twitter[.]com/…, twitter . com / …");
    check("twitter．com／jan", "twitter．com／…");
    check("jan.tumblr.com, https://kowal.blogspot.com/2020/1.html jan.bsky.social",
          "….tumblr.com, https://….blogspot.com/2020/1.html ….bsky.social");
    check("https://example.org/user/jan/5 i https://video.example/@jan/3",
          "https://example.org/user/… i https://video.example/@…/3");
    check("t.me/jan_k, wa.me/48501234567, https://pl.pinterest.com/jan/",
          "t.me/…, wa.me/…, https://pl.pinterest.com/…");
    stays("https://wiadomosci.example.pl/kraj/awaria-norvii-12,34.html norvia.pl/oferta");
}

static void test_numbers(void) {
    static const char *const phones[] = {
        "501234567",
        "501 234 567",
        "501-234-567",
        "501.234.567",
        "+48501234567",
        "+48 501 234 567",
        "0048 501234567",
        "48501234567",
        "(+48) 501 234 567",
        "22 123 45 67",
        "(22) 123 45 67",
        "022 123 45 67",
        "22-123-45-67",
        "+44 20 7946 0958",
        "+1 (555) 123-4567",
        "555-123-4567",
        "020 7946 0958",
        "06 12 34 56 78",
        "５０１２３４５６７",
        "5 0 1 2 3 4 5 6 7",
        "501\xE2\x80\x8B"
        "234567",
        "+49 171 1234567",
        "501\xC2\xA0"
        "234\xC2\xA0"
        "567",
        "85010112345",
        "44051401359",
        "440514 01359",
        "4405 1401 359",
        "4111111111111111",
        "4111 1111 1111 1111",
        "5500-0000-0000-0004",
        "378282246310005",
        "3782 822463 10005",
        "PL61 1090 1014 0000 0712 1981 2874",
        "PL61109010140000071219812874",
        "61 1090 1014 0000 0712 1981 2874",
        "DE89 3704 0044 0532 0130 00",
        "gb82west12345698765432",
    };
    for (size_t i = 0; i < sizeof phones / sizeof *phones; i++) {
        char text[200];
        struct buf out;
        buf_init(&out, 1000);
        snprintf(text, sizeof text, "to %s dziś", phones[i]);
        mask_text(span_of(text), &handles, &out);
        buf_char(&out, 0);
        for (const char *at = out.at; *at; at++)
            if (*at >= '0' && *at <= '9') {
                printf("# kept: %s\n", out.at);
                CHECK(false);
                break;
            }
        buf_release(&out);
    }
    check("tel.501234567 tel: 123 45 67", "tel.… tel: …");
    check("PESEL: 12345678901", "PESEL: …");
    stays("1 234 567 zł, 501 234 567 zł, 500 000 000 osób, 120 000 000");
    stays("2023-03-01 12:30, 01.03.2023 2500 zł, 2019 2020 2021 2022");
    stays("EAN 5901234123457, 123456789, 1234567890123456, AB501234567");
    stays("rabat 20% od 1999,99 do 2 499,00 PLN; 12 345 678 wyświetleń");
    stays("4111111111111112 i 44051401358, 1630000000000000001");
    stays("w latach 2010-2020, 10/12/2023, 3.14159265358979, wersja 10.15.7");
}

/* Long texts of what is looked for again and again take time by their length. */
static void test_linear(void) {
    static const char *const pieces[] = {"a@", "a.",    "x.com/", "@ ", "1 ",  "a . com ", "(at)",
                                         "u_", "&#64;", "+",      "( ", "%40", "pl12 ",    "a-"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buf text, out;
        buf_init(&text, 1 << 22);
        buf_init(&out, 1 << 23);
        while (text.len < 1 << 18)
            buf_text(&text, pieces[i]);
        mask_text(buf_as_span(&text), &handles, &out);
        CHECK(!out.failed);
        buf_release(&text);
        buf_release(&out);
    }
}

static void label(const char *text, const char *want) {
    char out[256];
    mask_label(span_of(text), out, sizeof out);
    CHECK_SPAN(span_of(out), want);
}

static void test_labels(void) {
    label("messages/inbox/jankowalski_123/message_1.json", "messages/inbox/…/message_1.json");
    label("a/e2ee_cutover/x_1/message_2.json", "a/e2ee_cutover/…/message_2.json");
    label("inbox/message_1.json", "inbox/message_1.json"); /* no thread */
    label("Czat WhatsApp z Jan Kowalski.txt", "Czat WhatsApp z ….txt");
    label("chats/WhatsApp Chat with Jan.zip", "chats/WhatsApp Chat with ….zip");
    label("WhatsApp_Chat_with_Jan_K..txt", "WhatsApp_Chat_with_….txt");
    label("WhatsApp-Chat mit Jan.txt", "WhatsApp-Chat mit ….txt");
    label("Direct Messages - jan [130].json", "Direct Messages - … [130].json");
    label("\"messages/inbox/jan_1/message_1.json\": it ends in the middle: cut",
          "\"messages/inbox/…/message_1.json\": it ends in the middle: cut");
    label("Norvia PL - pomoc [43].json", "Norvia PL - pomoc [43].json");
    label("2022/07/28/16/10.json.bz2", "2022/07/28/16/10.json.bz2");
    label("", "");
}

int main(void) {
    CHECK(public_handles_add(&handles, SPAN_LITERAL("NorviaPL")));
    test_handles();
    test_mail();
    test_pages();
    test_numbers();
    test_linear();
    public_handles_release(&handles);
    test_labels();
    return tap_done();
}
