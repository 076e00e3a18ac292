#include "pipeline/commands/share_sources.h"

#include "pipeline/commands/commands.h"
#include "stages/common/files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LABEL_KEPT = 300 }; /* of a label, in the head of a shard */

enum share_state { SHARE_WHOLE, SHARE_ABSENT, SHARE_FOREIGN, SHARE_RUNNING, SHARE_UNFINISHED };

enum status share_sources_add(struct share_sources *sources, struct shard_folder *shards,
                              struct fault *fault) {
    bool found;
    size_t running;
    struct share_source source = {0};
    enum status status = manifest_read(shards->folder, &source.manifest, &found, fault);
    if (status != STATUS_OK || !found)
        return status;
    struct share_source *more = realloc(sources->at, (sources->count + 1) * sizeof *sources->at);
    if (!more) {
        manifest_release(&source.manifest);
        return fault_memory(fault);
    }
    sources->at = more;
    snprintf(source.shards.folder, sizeof source.shards.folder, "%s", shards->folder);
    status =
        shard_folder_add_shares(shards, source.manifest.count, &source.foreign, &running, fault);
    sources->at[sources->count++] = source;
    return status;
}

void share_sources_release(struct share_sources *sources) {
    for (size_t i = 0; i < sources->count; i++) {
        manifest_release(&sources->at[i].manifest);
        symbols_release(&sources->at[i].foreign);
    }
    free(sources->at);
    *sources = (struct share_sources){0};
}

static void share_path(const struct share_source *source, int share, const char *name, char *out,
                       size_t size) {
    char folder[SHARE_NAME_SIZE];
    shard_folder_share_name(share, folder);
    snprintf(out, size, "%s/%s%s%s", source->shards.folder, folder, *name ? "/" : "", name);
}

enum status share_sources_idle(const struct share_sources *sources, struct fault *fault) {
    char path[4200];
    for (size_t i = 0; i < sources->count; i++)
        for (int share = 1; share <= sources->at[i].manifest.count; share++) {
            share_path(&sources->at[i], share, "lock", path, sizeof path);
            if (lock_is_held(path))
                return fault_set(fault, STATUS_FATAL, EXIT_LOCKED,
                                 "share %d of \"%.300s\" is being scanned now; wait for it", share,
                                 sources->at[i].shards.folder);
        }
    return STATUS_OK;
}

/* ---- what is there ---- */

static bool is_whole(const struct scanned_inputs *inputs, const char *label) {
    char cut[LABEL_KEPT + 1];
    size_t from = 0, to = inputs->count;
    snprintf(cut, sizeof cut, "%s", label);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (strcmp(scanned_input_head(&inputs->at[middle])->label, cut) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    for (; from < inputs->count; from++) {
        if (strcmp(scanned_input_head(&inputs->at[from])->label, cut) != 0)
            return false;
        if (inputs->at[from].first.whole)
            return true;
    }
    return false;
}

/* Whether the folder of a share has shards, and such of this scan. */
static bool look_into(const char *path, const struct scan_id *id, bool *any, bool *ours) {
    char mark[16];
    DIR *entries = opendir(path);
    snprintf(mark, sizeof mark, "-%.8s-", id->digest);
    *any = *ours = false;
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        struct span name = span_of(entry->d_name);
        name.len -= span_ends(name, ".damaged") ? strlen(".damaged") : 0;
        bool shard = shard_folder_is_shard(name);
        *any |= shard;
        *ours |= shard && strstr(entry->d_name, mark);
    }
    if (entries)
        closedir(entries);
    return entries != NULL;
}

static enum share_state state_of(const struct share_source *source, int share,
                                 const struct scan_id *id) {
    char path[4200];
    bool any, ours;
    share_path(source, share, "", path, sizeof path);
    if (!look_into(path, id, &any, &ours))
        return SHARE_ABSENT;
    share_path(source, share, "lock", path, sizeof path);
    if (lock_is_held(path))
        return SHARE_RUNNING;
    return any && !ours ? SHARE_FOREIGN : SHARE_UNFINISHED;
}

/* ---- messages ---- */

/* "3,7-9": the shares in this state, as --array takes them. */
static size_t add_ranges(struct buf *out, const enum share_state *states, int count,
                         enum share_state state) {
    size_t found = 0;
    for (int share = 1; share <= count; share++) {
        if (states[share] != state)
            continue;
        int last = share;
        while (last < count && states[last + 1] == state)
            last++;
        buf_format(out, "%s%d", found ? "," : "", share);
        if (last > share)
            buf_format(out, "-%d", last);
        found += (size_t)(last - share) + 1;
        share = last;
    }
    buf_char(out, 0);
    return found;
}

static size_t say_states(const struct share_source *source, const enum share_state *states) {
    static const struct {
        enum share_state state;
        const char *what;
    } kinds[] = {
        {SHARE_ABSENT, "never ran"},
        {SHARE_UNFINISHED, "did not finish"},
        {SHARE_RUNNING, "are being scanned now"},
        {SHARE_FOREIGN, "were scanned with other brands, settings or lexicons"},
    };
    int count = source->manifest.count;
    size_t missing = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct buf list;
        buf_init(&list, 1 << 20);
        size_t found = add_ranges(&list, states, count, kinds[i].state);
        if (found)
            print_message(
                "%zu of %d shares of \"%.200s\" %s: share %.1500s; their inputs are missing "
                "here until they are scanned",
                found, count, source->shards.folder, kinds[i].what, list.at);
        missing += found;
        buf_release(&list);
    }
    return missing;
}

/* Of a merge: no task has them. */
static size_t say_inputs(const struct share_source *source, const struct scanned_inputs *inputs) {
    enum { NAMED = 20 };
    size_t missing = 0;
    for (size_t i = 0; i < source->manifest.input_count; i++) {
        const char *label = source->manifest.inputs[i].label;
        if (is_whole(inputs, label))
            continue;
        if (++missing <= NAMED)
            print_message(
                "the input %.500s of \"%.200s\" is missing: its share was not finished when it "
                "was merged",
                label, source->shards.folder);
    }
    if (missing > NAMED)
        print_message("so are %zu more", missing - NAMED);
    return missing;
}

static size_t say_source(const struct share_source *source, const struct scanned_inputs *inputs,
                         const struct scan_id *id) {
    const struct manifest *manifest = &source->manifest;
    if (!manifest->count)
        return say_inputs(source, inputs);
    enum share_state *states = calloc((size_t)manifest->count + 1, sizeof *states);
    for (size_t i = 0; states && i < manifest->input_count; i++) {
        const struct manifest_input *input = &manifest->inputs[i];
        if (states[input->share] == SHARE_WHOLE && !is_whole(inputs, input->label))
            states[input->share] = state_of(source, input->share, id);
    }
    size_t missing = states ? say_states(source, states) : 1;
    for (uint32_t i = 0; i < source->foreign.count; i++)
        print_message("\"%.200s/%.100s\" is none of its %d shares and is left out",
                      source->shards.folder, source->foreign.names[i].at, manifest->count);
    free(states);
    return missing + source->foreign.count;
}

size_t share_sources_say(const struct share_sources *sources, const struct scanned_inputs *inputs,
                         const struct scan_id *id) {
    size_t missing = 0;
    for (size_t i = 0; i < sources->count; i++)
        missing += say_source(&sources->at[i], inputs, id);
    return missing;
}
