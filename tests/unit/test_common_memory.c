/* buf, arena, hash tables. */
#include "stages/common/arena.h"
#include "stages/common/buf.h"
#include "stages/common/hash.h"
#include "tap.h"

#include <stdio.h>

static void test_buf(void) {
    struct buf buf;
    buf_init(&buf, 100);
    for (int i = 0; i < 10; i++)
        buf_text(&buf, "0123456789");
    CHECK_INT(buf.len, 100);
    CHECK(!buf.failed);
    buf_char(&buf, 'x');
    CHECK(buf.failed);
    CHECK_INT(buf.len, 100);
    buf_clear(&buf);
    buf_format(&buf, "%d-%s", 7, "seven");
    CHECK_SPAN(buf_as_span(&buf), "7-seven");
    buf_clear(&buf);
    static const uint32_t codes[] = {'a', 0x142, 0x20AC, 0x1F60D, 0xD800, 0x110000};
    for (size_t i = 0; i < 6; i++)
        buf_codepoint(&buf, codes[i]);
    CHECK_SPAN(buf_as_span(&buf), "a\xC5\x82\xE2\x82\xAC\xF0\x9F\x98\x8D\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(!buf_reserve(&buf, SIZE_MAX));
    buf_release(&buf);
    CHECK(buf.at == NULL && buf.max == 100);
}

static void test_arena(void) {
    struct arena arena = {0};
    char *first = arena_alloc(&arena, 10);
    CHECK(first && ((uintptr_t)first & 15) == 0);
    char *large = arena_alloc(&arena, 1 << 20);
    CHECK(large != NULL);
    memset(large, 1, 1 << 20);
    struct span copy = arena_copy(&arena, SPAN_LITERAL("text"));
    CHECK_SPAN(copy, "text");
    CHECK_INT(copy.at[4], 0);
    CHECK(arena_alloc(&arena, SIZE_MAX) == NULL);
    arena_clear(&arena);
    CHECK(arena_alloc(&arena, 10) == first); /* the memory is kept */
    for (int i = 0; i < 100000; i++)
        if (!arena_alloc(&arena, 100))
            CHECK(0);
    arena_release(&arena);
    CHECK(arena.first == NULL);
}

static void test_hash(void) {
    struct span ab_c[] = {SPAN_LITERAL("ab"), SPAN_LITERAL("c")};
    struct span a_bc[] = {SPAN_LITERAL("a"), SPAN_LITERAL("bc")};
    CHECK(hash_stable_join(ab_c, 2) != hash_stable_join(a_bc, 2));
    CHECK(hash_stable_join(ab_c, 1) != hash_stable_join(ab_c, 2));
    CHECK(hash_stable(ab_c[0]) == hash_stable(SPAN_LITERAL("ab")));
    CHECK(hash_stable(ab_c[0]) != hash_sip(ab_c[0]));
    const uint64_t number = UINT64_C(0x0123456789abcdef);
    CHECK(hash_sip_u64(number) == hash_sip((struct span){(const char *)&number, sizeof number}));
    /* stored in files: must never change */
    CHECK(hash_stable(ab_c[0]) == UINT64_C(0xedf0a0017f93c900));
    uint64_t seen[65] = {0};
    char bytes[64] = {0};
    for (size_t len = 0; len <= 64; len++) {
        seen[len] = hash_stable((struct span){bytes, len});
        for (size_t i = 0; i < len; i++)
            if (seen[i] == seen[len])
                CHECK(0);
    }
}

static void test_symbols(void) {
    struct symbols symbols = {0};
    char name[32];
    CHECK_INT(symbols_find(&symbols, SPAN_LITERAL("x")), SYMBOL_NONE);
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            int len = snprintf(name, sizeof name, "name %u", i);
            if (symbols_intern(&symbols, (struct span){name, (size_t)len}) != i)
                CHECK_INT(i, -1);
        }
    CHECK_INT(symbols.count, 5000);
    CHECK_INT(symbols_find(&symbols, SPAN_LITERAL("name 4321")), 4321);
    CHECK_INT(symbols_find(&symbols, SPAN_LITERAL("name")), SYMBOL_NONE);
    CHECK_SPAN(symbols.names[17], "name 17");
    CHECK_INT(symbols_intern(&symbols, (struct span){NULL, 0}), 5000);
    symbols_release(&symbols);
    CHECK_INT(symbols.count, 0);
}

static void test_counts(void) {
    struct counts counts = {0};
    CHECK(counts_find(&counts, 1) == NULL);
    for (uint64_t i = 0; i < 20000; i++) {
        uint64_t *value = counts_at(&counts, i % 1000 * 977);
        if (!value)
            CHECK(0);
        else
            *value += 1;
    }
    CHECK_INT(counts.count, 1000);
    const uint64_t *value = counts_find(&counts, 5 * 977);
    CHECK(value && *value == 20);
    CHECK(counts_find(&counts, 1) == NULL);
    value = counts_at(&counts, UINT64_MAX);
    CHECK(value && *value == 0);
    counts_release(&counts);
}

int main(void) {
    test_buf();
    test_arena();
    test_hash();
    test_symbols();
    test_counts();
    return tap_done();
}
