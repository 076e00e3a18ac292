/* Encodings and mapping files. */
#include "decode_tool.h"
#include "tap.h"

#include <unistd.h>

static char path[] = "/tmp/burza-mapping-XXXXXX";

static enum status read_text(struct mapping **mapping, const char *text, struct fault *fault) {
    *fault = (struct fault){0};
    if (file_publish(path, span_of(text), fault) != STATUS_OK)
        return STATUS_FATAL;
    return mapping_read(mapping, path, fault);
}

static void expect_fault(const char *text, const char *words) {
    struct fault fault;
    struct mapping *mapping;
    CHECK_INT(read_text(&mapping, text, &fault), STATUS_FATAL);
    CHECK(mapping == NULL);
    CHECK_INT(fault.exit_code, EXIT_DATA);
    if (!CHECK(strstr(fault.text, words) != NULL))
        printf("# %s\n", fault.text);
}

static void expect_mapped(const char *text, struct span input, const char *want) {
    struct fault fault;
    struct mapping *mapping;
    struct run run;
    struct decode_options options = decode_options_default();
    if (!CHECK_INT(read_text(&mapping, text, &fault), STATUS_OK)) {
        printf("# %s\n", fault.text);
        return;
    }
    options.mapping = mapping;
    for (size_t chunk = 1; chunk < 100; chunk += 49) {
        run_decode(&run, input, "x", &options, chunk);
        CHECK_SPAN(span_of(run.log.at), want);
        run_release(&run);
    }
    mapping_free(mapping);
}

static void test_mapped(void) {
    expect_mapped("{\"format\":\"csv\",\"platform\":\"facebook\",\"columns\":{\"text\":\"Co\","
                  "\"created_at\":\"Kiedy\",\"author\":\"Kto\",\"id\":[\"Nr\",\"Kto\"]},"
                  "\"timezone\":\"Europe/Warsaw\",\"day_first\":true,\"delimiter\":\";\","
                  "\"encoding\":\"windows-1250\",\"skip_lines\":2}",
                  SPAN_LITERAL("\"open;quote\nx;y;z\nNr;Kto;Kiedy;Co\n"
                               "7;ola;3/4/2023 10:00;za\xBF\xF3\xB3\xE6\n"
                               ";jan;3/4/2023 10:00;\xB9\n"),
                  "facebook original 2023-04-03T08:00:00Z.000000 source=2 id=7 author_id=ola "
                  "author=ola text=za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87\n"
                  "facebook original 2023-04-03T08:00:00Z.000000 source=2 id=jan author_id=jan "
                  "author=jan text=\xC4\x85\n");
    expect_mapped("{\"format\":\"csv\",\"platform\":\"tiktok\",\"columns\":{\"text\":\"t\","
                  "\"created_at\":\"at\",\"scope\":\"chat\",\"id\":\"n\",\"reply_to\":\"to\","
                  "\"reply_to_author_id\":\"who\",\"reply_to_author\":\"name\"}}",
                  SPAN_LITERAL("n,at,chat,to,who,name,t\n"
                               "2,1678021331,c1,7200000000000000000,5,ola,hej\n"),
                  "tiktok reply 2023-03-05T13:02:11Z.000000 id=2 reply_to=7200000000000000000 "
                  "reply_to_author_id=5 reply_to_author=ola reply_to_time_us=1676380634000000 "
                  "scope=c1 text=hej\n");
    expect_mapped(
        "{\"columns\":{\"text\":\"d.parts[1].body\",\"created_at\":\"d.t\",\"id\":\"k\"}}",
        SPAN_LITERAL("{\"k\":1,\"d\":{\"t\":1678021331,\"parts\":[{\"body\":\"no\"},"
                     "{\"x\":[],\"body\":\"yes\"},{\"body\":\"no\"}]}}\n"
                     "{\"k\":2,\"d\":{\"t\":1678021331,\"parts\":[]}}\n"
                     "{\"k\":3,\"d\":{\"t\":1678021331,\"parts\":[1,{\"body\":\"\\ud8"
                     "00\"}]}}\n"),
        "other original 2023-03-05T13:02:11Z.000000 id=1 text=yes\n"
        "reject no_text\n"
        "other original 2023-03-05T13:02:11Z.000000 id=3 text=\xEF\xBF\xBD\n");
}

static void test_faults(void) {
    expect_fault("{", "line 1");
    expect_fault("[]", "must be a JSON object");
    expect_fault("{\"colums\":{}}", "\"colums\"");
    expect_fault("{\"columns\":{\"txt\":\"a\"}}", "\"txt\"");
    expect_fault("{\"columns\":{\"text\":1}}", "\"text\"");
    expect_fault("{\"platform\":\"myspace\"}", "platform");
    expect_fault("{\"format\":\"xls\"}", "format");
    expect_fault("{\"timezone\":\"Mars/Base\"}", "Mars/Base");
    expect_fault("{\"delimiter\":\";;\"}", "delimiter");
    expect_fault("{\"encoding\":\"ebcdic\"}", "encoding");
    expect_fault("{\"skip_lines\":-1}", "skip_lines");
    expect_fault("{\"day_first\":1}", "day_first");
    expect_fault("{\"format\":\"csv\",\"format\":\"csv\"}", "duplicate");
}

static void expect_text(struct span input, const char *text, uint64_t encoding_repairs) {
    struct decode_options options = decode_options_default();
    struct run run;
    CHECK_INT(run_decode(&run, input, "x", &options, 11), STATUS_OK);
    CHECK_INT(run.repairs[REPAIR_ENCODING], encoding_repairs);
    if (!CHECK(strstr(run.log.at, text) != NULL))
        printf("# %s\n", run.log.at);
    run_release(&run);
}

static void test_encodings(void) {
    expect_text(SPAN_LITERAL("id,date,text\n1,1678021331,za\xBF\xF3\xB3\xE6\n"),
                "text=za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87\n", 1);
    expect_text(SPAN_LITERAL("id,date,text\n1,1678021331,\xC5\xBC\xC5\xBC \xFF\n"),
                "text=\xC5\xBC\xC5\xBC \xEF\xBF\xBD\n", 1);
    expect_text(SPAN_LITERAL("\xEF\xBB\xBFid,date,text\n1,1678021331,x\n"), "id=1 text=x\n", 0);
    expect_text(SPAN_LITERAL("id,date,text\n1,1678021331,x\n"), "id=1 text=x\n", 0);
    static const char wide[] = "\xFF\xFE{\0\"\0i\0d\0\"\0:\0001\0,\0\"\0t\0i\0m\0e\0\"\0:\0001\0"
                               "6\0007\0008\0000\0002\0001\0003\0003\0001\0,\0\"\0t\0e\0x\0t\0\"\0"
                               ":\0\"\0\x7C\x01\x3D\xD8\x0D\xDE\"\0}\0\n\0";
    expect_text((struct span){wide, sizeof wide - 1}, "text=\xC5\xBC\xF0\x9F\x98\x8D\n", 0);
    expect_text((struct span){wide + 2, sizeof wide - 3}, "text=\xC5\xBC\xF0\x9F\x98\x8D\n", 0);
}

/* Nothing states the encoding: the letters of the whole head do. */
static void test_letters(void) {
    static const struct {
        const char *bytes, *want;
    } rows[] = {
        {"s\xB1 \xB6rody, wyra\xBCna \xB1", "text=są środy, wyraźna ą\n"}, /* ISO-8859-2 */
        {"s\xB9 \x9Crody, wyra\x9Fna \x84\xB9\x94", "text=są środy, wyraźna „ą”\n"}, /* 1250 */
        {"s\xA5 \x98rody, wyra\xABna \x88\xA2", "text=są środy, wyraźna łó\n"},      /* CP852 */
        {"na\xEFve caf\xE9, \xE0 la carte, ma\xF1"
         "ana",
         "text=naïve café, à la carte, mañana\n"},
        {"\xC4\x85 s\xC4\x85 \xB9", "text=ą są \xEF\xBF\xBD\n"}, /* UTF-8 with one bad byte */
        {"s\xC3\x84\xE2\x80\xA6 \xC3\x85\xE2\x80\xBArody", "text=są środy\n"}, /* twice, by 1252 */
        {"s\xC3\x84\xC2\x85 \xC4\xB9\xE2\x80\x9A"
         "adnie",
         "text=są ładnie\n"},                  /* by Latin-1, 1250 */
        {"ÓŁÓŻÓŚĆ ĘŚĆ", "text=ÓŁÓŻÓŚĆ ĘŚĆ\n"}, /* their bytes are other letters in 1250 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200];
        int len = snprintf(text, sizeof text, "id,date,text\n1,1678021331,\"%s\"\n", rows[i].bytes);
        expect_text((struct span){text, (size_t)len}, rows[i].want, i != 7);
        len = snprintf(text, sizeof text, "{\"id\":1,\"date\":1678021331,\"text\":\"%s\"}\n",
                       rows[i].bytes);
        if (i != 3) /* JSON is UTF-8 unless its letters are clearly Polish */
            expect_text((struct span){text, (size_t)len}, rows[i].want, i != 7);
    }
    expect_text(SPAN_LITERAL("data,tre\xC3\x85\xE2\x80\xBA\xC3\x84\xE2\x80\xA1\n"
                             "1678021331,s\xC3\x84\xE2\x80\xA6\n"),
                "text=są\n", 1);
}

int main(void) {
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    test_mapped();
    test_faults();
    test_encodings();
    test_letters();
    unlink(path);
    return tap_done();
}
