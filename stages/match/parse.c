/* The query language, parsed with an explicit stack of operators (no recursion on input):
 *   query   = part { OR part },  part = near { [AND] near },  near = unary { NEAR/n unary }
 *   unary   = [NOT | -] ( word | word* | "phrase" | field:value | ( query ) )
 * Operators are upper case; words next to each other are joined by AND. */
#include "stages/match/query.h"

#include <stdlib.h>

#define DEPTH_MAX 256
#define NEAR_MAX 100

enum op { OP_OPEN, OP_OR, OP_AND, OP_NEAR, OP_NOT };

struct parser {
    struct query_set *set;
    struct fault *fault;
    const char *id;
    struct tokens tokens;
    struct span query;
    size_t at;
    uint16_t brand;
    struct {
        uint8_t op;
        uint16_t near;
        uint32_t at;
    } ops[DEPTH_MAX];
    uint32_t values[DEPTH_MAX * 2]; /* nodes waiting for their operator */
    uint32_t op_count, value_count;
    bool want_operand;
    bool cased; /* the term that is being read is a name: */
};

static enum status fail_at(struct parser *parser, size_t at, const char *what) {
    return query_error(parser->fault, parser->id, parser->query, at, "%s", what);
}

static enum status add_node(struct parser *parser, struct node node) {
    struct query_set *set = parser->set;
    if (set->node_count == set->node_cap) {
        uint32_t cap = set->node_cap ? set->node_cap * 2 : 64;
        struct node *nodes = realloc(set->nodes, cap * sizeof *nodes);
        if (!nodes)
            return fault_memory(parser->fault);
        set->nodes = nodes;
        set->node_cap = cap;
    }
    if (parser->value_count == DEPTH_MAX * 2)
        return fail_at(parser, parser->at, "the query is nested too deeply");
    set->nodes[set->node_count] = node;
    parser->values[parser->value_count++] = set->node_count++;
    return STATUS_OK;
}

static enum status add_leaf(struct parser *parser, struct leaf leaf) {
    struct query_set *set = parser->set;
    if (set->leaf_count == set->leaf_cap) {
        uint32_t cap = set->leaf_cap ? set->leaf_cap * 2 : 64;
        struct leaf *leaves = realloc(set->leaves, cap * sizeof *leaves);
        if (!leaves)
            return fault_memory(parser->fault);
        set->leaves = leaves;
        set->leaf_cap = cap;
    }
    leaf.brand = parser->brand;
    set->leaves[set->leaf_count] = leaf;
    struct node node = {
        .kind = NODE_LEAF, .leaf_first = set->leaf_count, .leaf_end = set->leaf_count + 1};
    set->leaf_count++;
    parser->want_operand = false;
    return add_node(parser, node);
}

/* NEAR joins words, phrases and alternatives of them. */
static enum status check_near(struct parser *parser, const struct node *node, uint32_t at) {
    struct query_set *set = parser->set;
    for (uint32_t i = node->leaf_first; i < node->leaf_end; i++)
        if (set->leaves[i].kind != LEAF_WORDS)
            return fail_at(parser, at, "NEAR joins words and phrases, not fields");
    for (uint32_t side = 0; side < 2; side++) {
        uint8_t kind = set->nodes[side ? node->right : node->left].kind;
        if (kind == NODE_AND || kind == NODE_NOT)
            return fail_at(parser, at, "NEAR joins words, phrases and alternatives (a OR b)");
    }
    for (uint32_t i = node->leaf_first; i < node->leaf_end; i++)
        set->leaves[i].near = true;
    return STATUS_OK;
}

/* Takes the top operator off and builds its node. */
static enum status apply_top(struct parser *parser) {
    static const uint8_t kinds[] = {
        [OP_OR] = NODE_OR, [OP_AND] = NODE_AND, [OP_NEAR] = NODE_NEAR, [OP_NOT] = NODE_NOT};
    uint32_t top = --parser->op_count;
    bool negation = parser->ops[top].op == OP_NOT;
    struct query_set *set = parser->set;
    uint32_t right = parser->values[--parser->value_count];
    uint32_t left = negation ? right : parser->values[--parser->value_count];
    struct node node = {.kind = kinds[parser->ops[top].op],
                        .near = parser->ops[top].near,
                        .left = left,
                        .right = right,
                        .leaf_first = set->nodes[left].leaf_first,
                        .leaf_end = set->nodes[right].leaf_end};
    if (negation)
        for (uint32_t i = node.leaf_first; i < node.leaf_end; i++)
            set->leaves[i].negated = !set->leaves[i].negated;
    if (node.kind == NODE_NEAR) {
        enum status status = check_near(parser, &node, parser->ops[top].at);
        if (status != STATUS_OK)
            return status;
    }
    return add_node(parser, node);
}

/* Applies what stands behind the last open parenthesis. */
static enum status apply_group(struct parser *parser) {
    enum status status = STATUS_OK;
    while (status == STATUS_OK && parser->op_count > 0 &&
           parser->ops[parser->op_count - 1].op != OP_OPEN)
        status = apply_top(parser);
    return status;
}

static enum status push_op(struct parser *parser, enum op op, uint16_t near, size_t at) {
    /* all that bind tighter, and of equals the one to the left, come first */
    while (op != OP_NOT && op != OP_OPEN && parser->op_count > 0 &&
           parser->ops[parser->op_count - 1].op >= op) {
        enum status status = apply_top(parser);
        if (status != STATUS_OK)
            return status;
    }
    if (parser->op_count == DEPTH_MAX)
        return fail_at(parser, at, "the query is nested too deeply");
    parser->ops[parser->op_count].op = (uint8_t)op;
    parser->ops[parser->op_count].near = near;
    parser->ops[parser->op_count++].at = (uint32_t)at;
    parser->want_operand = true;
    return STATUS_OK;
}

/* Joins two operands that stand next to each other. */
static enum status begin_operand(struct parser *parser, size_t at) {
    return parser->want_operand ? STATUS_OK : push_op(parser, OP_AND, 0, at);
}

static bool is_blank(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static size_t quote_len(struct span rest) {
    if (rest.len > 0 && rest.at[0] == '"')
        return 1;
    static const char *const marks[] = {"\xE2\x80\x9E", "\xE2\x80\x9D", "\xE2\x80\x9C"};
    for (size_t i = 0; i < 3; i++)
        if (span_starts(rest, marks[i]))
            return 3;
    return 0;
}

static struct span rest_of(const struct parser *parser, size_t at) {
    return (struct span){parser->query.at + at, parser->query.len - at};
}

/* End of the bare word at parser->at. */
static size_t bare_end(const struct parser *parser, size_t at) {
    while (at < parser->query.len) {
        char byte = parser->query.at[at];
        if (is_blank(byte) || byte == '(' || byte == ')' || quote_len(rest_of(parser, at)))
            break;
        at++;
    }
    return at;
}

/* The quoted text at parser->at (an opening mark); moves behind the closing one. */
static enum status read_quoted(struct parser *parser, struct span *out) {
    size_t open = parser->at, from = open + quote_len(rest_of(parser, open)), at = from;
    while (at < parser->query.len && !quote_len(rest_of(parser, at)))
        at++;
    if (at == parser->query.len)
        return fail_at(parser, open, "the quotation mark is never closed");
    *out = (struct span){parser->query.at + from, at - from};
    parser->at = at + quote_len(rest_of(parser, at));
    return STATUS_OK;
}

static uint32_t offset_of(const struct parser *parser, struct span part) {
    return (uint32_t)(part.at - parser->query.at);
}

static enum status add_leaf_of(struct parser *parser, struct span text, uint32_t words,
                               enum spelling spelling) {
    struct leaf leaf = {.kind = LEAF_WORDS,
                        .words = (uint8_t)words,
                        .spelling = (uint8_t)spelling,
                        .cased = parser->cased};
    leaf.at = offset_of(parser, text);
    leaf.len = (uint32_t)text.len;
    return add_leaf(parser, leaf);
}

/* A term that is also found in another spelling: of `words` words as typed, `others` so. */
static enum status add_spellings(struct parser *parser, struct span text, uint32_t words,
                                 uint32_t others, enum spelling spelling, size_t joint) {
    if (others > PHRASE_WORDS_MAX)
        others = PHRASE_WORDS_MAX;
    enum status status = add_leaf_of(parser, text, words, SPELLED_TYPED);
    if (status == STATUS_OK)
        status = add_leaf_of(parser, text, others, spelling);
    if (status == STATUS_OK)
        parser->set->leaves[parser->set->leaf_count - 1].joined = (uint16_t)joint;
    if (status != STATUS_OK)
        return status;
    parser->value_count -= 2;
    uint32_t right = parser->set->node_count - 1, left = right - 1;
    struct node node = {.kind = NODE_OR, .left = left, .right = right};
    node.leaf_first = parser->set->nodes[left].leaf_first;
    node.leaf_end = parser->set->nodes[right].leaf_end;
    return add_node(parser, node);
}

static enum status add_words(struct parser *parser, struct span text) {
    enum status status = tokens_read(&parser->tokens, text, parser->fault);
    if (status != STATUS_OK)
        return status;
    struct term_shape shape = term_shape(&parser->tokens);
    if (shape.words == 0)
        return fail_at(parser, offset_of(parser, text), "there is no word to search for here");
    if (shape.words > PHRASE_WORDS_MAX)
        return fail_at(parser, offset_of(parser, text), "a phrase has at most 16 words");
    if (shape.short_prefix)
        return fail_at(parser, offset_of(parser, text),
                       "a prefix needs 2 to 63 characters before the *");
    /* the last word's sign is part of the name: canal+ */
    if (shape.plus)
        return add_spellings(parser, text, shape.words, shape.words + 1, SPELLED_PLUS, 0);
    if (shape.words == 1 && shape.parts >= 2)
        return add_spellings(parser, text, 1, shape.parts,
                             memchr(text.at, '&', text.len) ? SPELLED_AMP : SPELLED_APART, 0);
    enum spelling spelling = SPELLED_TYPED;
    size_t joint = shape.words == 1 && shape.plain ? term_joint(text, &spelling) : 0;
    if (joint)
        return add_spellings(parser, text, 1, 2, spelling, joint);
    return add_leaf_of(parser, text, shape.words, SPELLED_TYPED);
}

static const struct {
    const char *name;
    uint8_t kind;
} field_names[] = {
    {"author", LEAF_AUTHOR},     {"channel", LEAF_CHANNEL}, {"lang", LEAF_LANG},
    {"platform", LEAF_PLATFORM}, {"raw", LEAF_RAW},         {"url", LEAF_URL},
    {"name", LEAF_WORDS},
};

static bool same_name(struct span word, const char *name) {
    size_t len = strlen(name);
    if (word.len != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((word.at[i] | 0x20) != name[i])
            return false;
    return true;
}

/* Fills what is compared: an enum, or the folded text. */
static enum status field_value(struct parser *parser, struct leaf *leaf, struct span value,
                               size_t at) {
    if (leaf->kind == LEAF_LANG) {
        while (leaf->value < LANGUAGE_COUNT &&
               !same_name(value, language_name((enum language)leaf->value)))
            leaf->value++;
        if (leaf->value == LANGUAGE_COUNT)
            return fail_at(parser, at, "lang: knows pl, en and other");
        return STATUS_OK;
    }
    if (leaf->kind == LEAF_PLATFORM) {
        leaf->value = (uint8_t)platform_find(value);
        if (leaf->value == PLATFORM_COUNT)
            return fail_at(parser, at, "no such platform; try twitter, reddit, telegram, facebook");
        return STATUS_OK;
    }
    if (value.len > 1 && leaf->kind != LEAF_RAW && value.at[value.len - 1] == '*') {
        leaf->prefix = true;
        value.len--;
    }
    leaf->text_len = (uint32_t)value.len;
    return query_keep(parser->set, value, &leaf->text, parser->fault);
}

static enum status read_field(struct parser *parser, uint8_t kind, size_t name, size_t colon) {
    struct span value;
    parser->at = colon + 1;
    if (quote_len(rest_of(parser, parser->at))) {
        enum status status = read_quoted(parser, &value);
        if (status != STATUS_OK)
            return status;
    } else {
        size_t end = bare_end(parser, parser->at);
        value = (struct span){parser->query.at + parser->at, end - parser->at};
        parser->at = end;
    }
    if (value.len == 0)
        return fail_at(parser, colon + 1, "a value is missing behind the colon");
    if (kind == LEAF_WORDS) {
        parser->cased = true;
        enum status status = add_words(parser, value);
        parser->cased = false;
        return status;
    }
    struct leaf leaf = {.kind = kind};
    leaf.at = (uint32_t)name;
    leaf.len = (uint32_t)(parser->at - name);
    enum status status = field_value(parser, &leaf, value, colon + 1);
    return status == STATUS_OK ? add_leaf(parser, leaf) : status;
}

/* Where the colon of "name:" is, or 0. */
static size_t field_colon(const struct parser *parser) {
    struct span query = parser->query;
    size_t at = parser->at;
    while (at < query.len && (query.at[at] | 0x20) >= 'a' && (query.at[at] | 0x20) <= 'z')
        at++;
    return at > parser->at && at < query.len && query.at[at] == ':' ? at : 0;
}

static enum status read_operand(struct parser *parser) {
    size_t from = parser->at;
    enum status status = begin_operand(parser, from);
    if (status != STATUS_OK)
        return status;
    if (quote_len(rest_of(parser, from))) {
        struct span text;
        status = read_quoted(parser, &text);
        return status == STATUS_OK ? add_words(parser, text) : status;
    }
    size_t colon = field_colon(parser);
    if (colon) {
        struct span name = {parser->query.at + from, colon - from};
        for (size_t i = 0; i < sizeof field_names / sizeof *field_names; i++)
            if (same_name(name, field_names[i].name))
                return read_field(parser, field_names[i].kind, from, colon);
        return fail_at(parser, from,
                       "no such field; there are author, channel, lang, name, platform, raw, url "
                       "(put the term in quotation marks to search for it)");
    }
    parser->at = bare_end(parser, from);
    struct span word = {parser->query.at + from, parser->at - from};
    return add_words(parser, word);
}

/* "NEAR/5": the number, or 0 when the word is no NEAR; -1 when the number is wrong. */
static int near_distance(struct span word) {
    if (!span_starts(word, "NEAR") || (word.len > 4 && word.at[4] != '/'))
        return 0;
    int distance = 0;
    for (size_t i = 5; i < word.len; i++) {
        if (word.at[i] < '0' || word.at[i] > '9' || distance > NEAR_MAX)
            return -1;
        distance = distance * 10 + (word.at[i] - '0');
    }
    return distance > 0 && distance <= NEAR_MAX ? distance : -1;
}

static enum status read_binary(struct parser *parser, enum op op, int near, size_t len) {
    size_t at = parser->at;
    if (parser->want_operand)
        return fail_at(parser, at, "an operator stands where a word is expected");
    parser->at += len;
    return push_op(parser, op, (uint16_t)near, at);
}

/* The operator at parser->at; STATUS_END when there is none. */
static enum status read_operator(struct parser *parser) {
    size_t at = parser->at;
    struct span word = {parser->query.at + at, bare_end(parser, at) - at};
    if (span_is(word, "OR"))
        return read_binary(parser, OP_OR, 0, 2);
    if (span_is(word, "AND"))
        return read_binary(parser, OP_AND, 0, 3);
    int near = near_distance(word);
    if (near < 0)
        return fail_at(parser, at, "NEAR needs a distance from 1 to 100, as in NEAR/5");
    if (near > 0)
        return read_binary(parser, OP_NEAR, near, word.len);
    bool minus = parser->query.at[at] == '-' && at + 1 < parser->query.len &&
                 !is_blank(parser->query.at[at + 1]);
    if (!span_is(word, "NOT") && !minus)
        return STATUS_END;
    enum status status = begin_operand(parser, at);
    parser->at += minus ? 1 : 3;
    return status == STATUS_OK ? push_op(parser, OP_NOT, 0, at) : status;
}

static enum status close_paren(struct parser *parser) {
    size_t at = parser->at++;
    if (parser->want_operand)
        return fail_at(parser, at, "a word is missing before this parenthesis");
    enum status status = apply_group(parser);
    if (status != STATUS_OK)
        return status;
    if (parser->op_count == 0)
        return fail_at(parser, at, "this parenthesis was never opened");
    parser->op_count--;
    return STATUS_OK;
}

static enum status parse_end(struct parser *parser) {
    if (parser->want_operand)
        return fail_at(parser, parser->query.len,
                       parser->op_count ? "the query ends where a word is expected"
                                        : "the query is empty");
    enum status status = apply_group(parser);
    if (status == STATUS_OK && parser->op_count > 0)
        return fail_at(parser, parser->ops[parser->op_count - 1].at,
                       "this parenthesis is never closed");
    return status;
}

static enum status parse_all(struct parser *parser) {
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        while (parser->at < parser->query.len && is_blank(parser->query.at[parser->at]))
            parser->at++;
        size_t at = parser->at;
        if (at == parser->query.len)
            return parse_end(parser);
        if (parser->query.at[at] == ')') {
            status = close_paren(parser);
        } else if (parser->query.at[at] == '(') {
            parser->at++;
            status = begin_operand(parser, at);
            if (status == STATUS_OK)
                status = push_op(parser, OP_OPEN, 0, at);
        } else {
            status = read_operator(parser);
            if (status == STATUS_END)
                status = read_operand(parser);
        }
    }
    return status;
}

enum status query_parse(struct query_set *set, uint16_t index, const char *id, const char *query,
                        struct fault *fault) {
    struct parser *parser = calloc(1, sizeof *parser);
    if (!parser)
        return fault_memory(fault);
    parser->set = set;
    parser->fault = fault;
    parser->id = id;
    parser->brand = index;
    parser->query = span_of(query);
    parser->want_operand = true;
    enum status status = parse_all(parser);
    tokens_release(&parser->tokens);
    free(parser);
    return status;
}
