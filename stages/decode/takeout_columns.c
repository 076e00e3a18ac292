/* Google's Takeout names the columns of comments.csv in the language of the account: where the
 * names are not known, the cells tell. The text is JSON, ids begin alike, times are times. */
#include "stages/common/when.h"
#include "stages/decode/sniff_csv.h"

static bool is_segments(struct span cell) {
    return span_starts(cell, "{\"text\":") || span_starts(cell, "{\"takeoutSegments\"") ||
           span_starts(cell, "{\"mention\":");
}

static bool is_time(struct span cell) {
    struct moment moment;
    return cell.len >= 10 && when_parse(cell, false, &moment);
}

/* A channel's id. */
static bool is_channel(struct span cell) {
    return span_starts(cell, "UC");
}

static struct span cell_at(const struct few_rows *few, size_t row, size_t column) {
    return column < few->counts[row] ? few->fields[row][column] : (struct span){NULL, 0};
}

/* Whether the cells that say something are so, and there are any. */
static bool cells_are(const struct few_rows *few, size_t column, bool (*is)(struct span cell)) {
    size_t said = 0, so = 0;
    for (size_t row = 0; row < few->count; row++) {
        struct span cell = cell_at(few, row, column);
        said += cell.len > 0;
        so += cell.len > 0 && is(cell);
    }
    return said && so == said;
}

static bool is_number(struct span cell) {
    for (size_t i = 0; i < cell.len; i++)
        if (cell.at[i] != '.' && cell.at[i] != ',' && (cell.at[i] < '0' || cell.at[i] > '9'))
            return false;
    return cell.len > 0;
}

/* Every row has its own. */
static bool all_differ(const struct few_rows *few, size_t column) {
    for (size_t row = 0; row < few->count; row++) {
        struct span cell = cell_at(few, row, column);
        for (size_t other = 0; other < row; other++)
            if (span_equal(cell, cell_at(few, other, column)))
                return false;
        if (!cell.len)
            return false;
    }
    return true;
}

/* Comments have ids of one kind: what begins like the row's own is the comment that it answers. */
static bool like_own(const struct few_rows *few, size_t column, size_t own) {
    size_t said = 0, like = 0;
    for (size_t row = 0; row < few->count; row++) {
        struct span cell = cell_at(few, row, column), id = cell_at(few, row, own);
        said += cell.len > 0;
        like += cell.len > 2 && id.len > 2 && memcmp(cell.at, id.at, 2) == 0;
    }
    return said && like == said;
}

void takeout_columns(const struct few_rows *few, struct span *names, size_t count) {
    size_t text = count, own = count, parent = count;
    for (size_t i = 0; i < count && text == count; i++)
        if (cells_are(few, i, is_segments))
            text = i;
    if (text == count)
        return;
    names[text] = SPAN_LITERAL("Comment Text");
    for (size_t i = 0; i < count; i++) {
        if (i != text && cells_are(few, i, is_time))
            names[i] = SPAN_LITERAL("Comment Create Timestamp");
        else if (cells_are(few, i, is_channel))
            names[i] = SPAN_LITERAL("Channel ID");
        else if (i != text && own == count && !cells_are(few, i, is_number) && all_differ(few, i))
            names[own = i] = SPAN_LITERAL("Comment ID");
    }
    for (size_t i = 0; i < text && own < count; i++) {
        bool taken = i == own || cells_are(few, i, is_time) || cells_are(few, i, is_channel) ||
                     cells_are(few, i, is_number);
        if (!taken && parent == count && like_own(few, i, own))
            names[parent = i] = SPAN_LITERAL("Parent Comment ID");
        else if (!taken && few->count && cell_at(few, 0, i).len)
            names[i] = SPAN_LITERAL("Video ID");
    }
}
