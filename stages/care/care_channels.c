/* Channels: what the dump lets one say of each, and the posts that are known by their answers
 * alone. */
#include "stages/care/care_parts.h"

#include <stdio.h>
#include <stdlib.h>

enum { SAMPLE_REPLIES = 5, SKEW_S = 60 };

void care_channel_name(size_t channel, char out[32]) {
    snprintf(out, 32, "%s%s", platform_name((enum platform)(channel / 2)),
             channel % 2 ? "/private" : "");
}

static void count_posts(struct care *care) {
    const struct mention_table *m = care->input.mentions;
    for (size_t i = 0; i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        const struct mention_link *link = care_link(care, post);
        struct care_channel *channel = &care->channels[post->channel];
        if (!care_kept(post))
            continue;
        channel->posts++;
        channel->minutes |= m->time_precision[post->row] == TIME_EXACT_MINUTE;
        if (post->class != CLASS_OWN)
            continue;
        channel->own++;
        if (post->marks & MARK_BROADCAST || !link || !link->reply_to_hash)
            continue;
        channel->replies++;
        channel->kept += post->parent != CARE_NONE && care_kept(&care->posts[post->parent]);
    }
}

static void find_basis(struct care *care) {
    for (size_t i = 0; i < CARE_CHANNELS; i++) {
        struct care_channel *channel = &care->channels[i];
        bool sample = channel->replies >= SAMPLE_REPLIES && channel->kept * 2 < channel->replies;
        channel->basis = !channel->own ? BASIS_NONE : sample ? BASIS_REPLIES : BASIS_FULL;
        channel->partly = channel->basis == BASIS_FULL &&
                          (uint64_t)channel->kept * 100 < (uint64_t)channel->replies * 95;
        if (channel->basis > care->basis)
            care->basis = channel->basis;
    }
}

/* When the post answered was written; false: not known, or by the brand. */
static bool parent_time(const struct care *care, const struct care_post *post, int64_t *at_s) {
    const struct mention_link *link = care_link(care, post);
    if (!link || !link->reply_to_hash || link->reply_to_hash == link->id_hash)
        return false;
    if (post->parent != CARE_NONE) {
        const struct care_post *parent = &care->posts[post->parent];
        *at_s = parent->at_s;
        return parent->class != CLASS_OWN && !(parent->marks & MARK_UNTIMED);
    }
    if (account_find(care, link->reply_author_hash) >= 0 || link->reply_to_time_us == TIME_NONE)
        return false;
    *at_s = floor_div(link->reply_to_time_us, US_PER_S);
    return true;
}

static int compare_parents(const void *a, const void *b) {
    const struct answered_parent *x = a, *y = b;
    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    return (x->answer > y->answer) - (x->answer < y->answer);
}

/* Each post once, by its earliest reply that is none of a wrong clock. */
static bool find_parents(struct care *care) {
    struct counts seen = {0};
    size_t replies = 0;
    for (size_t i = 0; i < CARE_CHANNELS; i++)
        if (care->channels[i].basis == BASIS_REPLIES)
            replies += care->channels[i].replies;
    care->parents = malloc((replies + 1) * sizeof *care->parents);
    bool ok = care->parents != NULL;
    for (uint32_t i = 0; ok && i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        int64_t at_s;
        if (care->channels[post->channel].basis != BASIS_REPLIES ||
            !care_replies(post, care->input.mentions) || post->marks & MARK_UNTIMED ||
            !parent_time(care, post, &at_s) || post->at_s - at_s < -SKEW_S)
            continue;
        uint64_t *known = counts_at(&seen, care_link(care, post)->reply_to_hash);
        ok = known != NULL;
        if (!ok || *known)
            continue;
        *known = 1;
        care->parents[care->parent_count++] = (struct answered_parent){
            .at_s = at_s, .wait_s = post->at_s > at_s ? post->at_s - at_s : 0, .answer = i};
    }
    counts_release(&seen);
    if (ok)
        qsort(care->parents, care->parent_count, sizeof *care->parents, compare_parents);
    return ok;
}

enum status care_find_channels(struct care *care, struct fault *fault) {
    count_posts(care);
    find_basis(care);
    return find_parents(care) ? STATUS_OK : fault_memory(fault);
}

int64_t care_observed_until(const struct care *care, size_t channel, int64_t at_s) {
    const struct platform_span *span = &care->input.spans[channel / 2];
    int64_t until = span->last_s > at_s ? span->last_s : at_s;
    size_t low = 0, high = span->gap_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (span->gaps[middle].from_s < at_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low < span->gap_count && span->gaps[low].from_s < until ? span->gaps[low].from_s : until;
}
