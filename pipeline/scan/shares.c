#include "pipeline/scan/shares.h"

#include "stages/common/files.h"
#include "stages/common/num.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* ---- which share ---- */

/* The variables of an array's task. Tasks are numbered from `first` in steps of `step`. */
static const struct scheduler {
    const char *name, *task, *first, *last, *step, *count;
} schedulers[] = {
    {"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX",
     "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"},
    {"SGE", "SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE", NULL},
    {"PBS", "PBS_ARRAY_INDEX", NULL, NULL, NULL, NULL},
    {"PBS", "PBS_ARRAYID", NULL, NULL, NULL, NULL},
};

/* Variables that are no number (SGE says "undefined" outside of arrays) count as absent. */
static bool variable(const char *name, int64_t *out) {
    const char *text = name ? getenv(name) : NULL;
    return text && num_i64(span_of(text), out) && *out >= 0;
}

static const struct scheduler *find_array(int64_t *task) {
    for (size_t i = 0; i < sizeof schedulers / sizeof *schedulers; i++)
        if (variable(schedulers[i].task, task))
            return &schedulers[i];
    return NULL;
}

static enum status check_share(const struct share *share, const char *text, struct fault *fault) {
    if (share->count >= 1 && share->count <= SHARES_MAX && share->number >= 1 &&
        share->number <= share->count)
        return STATUS_OK;
    return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                     "--share wants I/N, a share from 1 to N of at most %d, not \"%.40s\"",
                     SHARES_MAX, text);
}

/* Of an array that was submitted whole: its least number is the first share. An array of what is
 * left
 * (--array=3,7) does not say how many there were. */
static enum status share_of_array(const struct scheduler *array, int64_t task, int64_t count,
                                  struct share *out, struct fault *fault) {
    int64_t first = 1, last = 0, step = 1, tasks = 0;
    bool known = variable(array->first, &first) && variable(array->last, &last);
    if (!variable(array->step, &step) || step < 1)
        step = 1;
    int64_t whole = known ? (last - first) / step + 1 : 0;
    if (variable(array->count, &tasks) && tasks != whole && !count)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "the array has gaps and does not say how many shares there are: give "
                         "--share N, their number, with an array within 1-N");
    if (count) { /* the array may be a part of the first one: its numbers are those of the shares */
        first = 1;
        step = 1;
    }
    count = count ? count : whole;
    snprintf(out->source, sizeof out->source, "%s", array->name);
    if (!count)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "%s does not say how many tasks the array has: give --share N, their "
                         "number",
                         array->name);
    if (task < first || (task - first) / step + 1 > count || count > SHARES_MAX)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "task %lld of the array is none of the shares 1 to %lld: number its tasks "
                         "from 1",
                         (long long)task, (long long)count);
    out->number = (int)((task - first) / step + 1);
    out->count = (int)count;
    return STATUS_OK;
}

enum status share_choose(const char *text, struct share *out, struct fault *fault) {
    int64_t task = 0, number = 0, count = 0;
    const struct scheduler *array = find_array(&task);
    const char *slash = text ? strchr(text, '/') : NULL;
    *out = (struct share){0};
    if (!text && !array)
        return STATUS_OK;
    if (slash) {
        struct span before = {text, (size_t)(slash - text)};
        bool ok = num_i64(before, &number) && num_i64(span_of(slash + 1), &count) &&
                  number <= SHARES_MAX && count <= SHARES_MAX;
        out->number = ok ? (int)number : 0;
        out->count = ok ? (int)count : 0;
        return check_share(out, text, fault);
    }
    if (text && strcmp(text, "auto") != 0 &&
        (!num_i64(span_of(text), &count) || count < 1 || count > SHARES_MAX))
        return check_share(out, text, fault);
    if (array)
        return share_of_array(array, task, count, out, fault);
    return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                     "this is no task of an array (Slurm, PBS, SGE): give --share I/N");
}

/* ---- the manifest ---- */

static void manifest_path(const char *folder, char *out, size_t size) {
    snprintf(out, size, "%s/manifest.json", folder);
}

void manifest_release(struct manifest *manifest) {
    for (size_t i = 0; i < manifest->input_count; i++)
        free(manifest->inputs[i].label);
    free(manifest->inputs);
    *manifest = (struct manifest){0};
}

static int by_label(const void *a, const void *b) {
    const struct manifest_input *x = a, *y = b;
    return strcmp(x->label, y->label);
}

void manifest_sort(struct manifest *manifest) {
    if (manifest->input_count)
        qsort(manifest->inputs, manifest->input_count, sizeof *manifest->inputs, by_label);
}

const struct manifest_input *manifest_find(const struct manifest *manifest, const char *label) {
    struct manifest_input key = {.label = (char *)(uintptr_t)label};
    return manifest->input_count ? bsearch(&key, manifest->inputs, manifest->input_count,
                                           sizeof *manifest->inputs, by_label)
                                 : NULL;
}

bool manifest_add(struct manifest *manifest, const char *label, int64_t bytes, int share) {
    size_t count = manifest->input_count;
    if ((count & (count - 1)) == 0) {
        size_t cap = count ? count * 2 : 1;
        struct manifest_input *more = realloc(manifest->inputs, cap * sizeof *more);
        if (!more)
            return false;
        manifest->inputs = more;
    }
    char *own = strdup(label);
    if (own)
        manifest->inputs[manifest->input_count++] = (struct manifest_input){own, bytes, share};
    return own != NULL;
}

static bool parse(const json_t *root, struct manifest *out) {
    const json_t *inputs = json_object_get(root, "inputs"), *input;
    size_t i;
    bool ok = json_is_array(inputs) && json_is_string(json_object_get(root, "settings"));
    int64_t count = json_integer_value(json_object_get(root, "shares"));
    ok = ok && count >= 0 && count <= SHARES_MAX;
    out->count = ok ? (int)count : 0;
    if (ok)
        snprintf(out->settings, sizeof out->settings, "%s",
                 json_string_value(json_object_get(root, "settings")));
    json_array_foreach(inputs, i, input) {
        const char *label = json_string_value(json_object_get(input, "label"));
        int64_t share = json_integer_value(json_object_get(input, "share"));
        ok = ok && label && share >= 0 && share <= count &&
             manifest_add(out, label, json_integer_value(json_object_get(input, "bytes")),
                          (int)share);
    }
    manifest_sort(out);
    return ok;
}

enum status manifest_read(const char *folder, struct manifest *out, bool *found,
                          struct fault *fault) {
    char path[4200];
    struct buf text;
    *out = (struct manifest){0};
    manifest_path(folder, path, sizeof path);
    *found = access(path, F_OK) == 0;
    if (!*found)
        return STATUS_OK;
    buf_init(&text, (size_t)1 << 30);
    enum status status = file_read(path, &text, fault);
    json_t *root = status == STATUS_OK ? json_loadb(text.at, text.len, 0, NULL) : NULL;
    if (status == STATUS_OK && (!root || !parse(root, out))) {
        manifest_release(out);
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "\"%s\" is damaged: restore it, or remove it and scan again", path);
    }
    json_decref(root);
    buf_release(&text);
    return status;
}

enum status manifest_write(const char *folder, const struct manifest *manifest,
                           struct fault *fault) {
    char path[4200];
    struct buf text, there;
    json_t *inputs = json_array();
    for (size_t i = 0; i < manifest->input_count; i++) {
        const struct manifest_input *input = &manifest->inputs[i];
        json_array_append_new(inputs, json_pack("{s:s,s:I,s:i}", "label", input->label, "bytes",
                                                (json_int_t)input->bytes, "share", input->share));
    }
    json_t *root = json_pack("{s:i,s:s,s:o}", "shares", manifest->count, "settings",
                             manifest->settings, "inputs", inputs);
    char *dumped = root ? json_dumps(root, JSON_INDENT(1) | JSON_SORT_KEYS) : NULL;
    manifest_path(folder, path, sizeof path);
    buf_init(&text, (size_t)1 << 30);
    buf_init(&there, (size_t)1 << 30);
    buf_text(&text, dumped ? dumped : "");
    buf_char(&text, '\n');
    enum status status = dumped && !text.failed ? STATUS_OK : fault_memory(fault);
    bool same = access(path, F_OK) == 0 && file_read(path, &there, NULL) == STATUS_OK &&
                span_equal(buf_as_span(&there), buf_as_span(&text));
    if (status == STATUS_OK && !same)
        status = file_publish(path, buf_as_span(&text), fault);
    free(dumped);
    json_decref(root);
    buf_release(&there);
    buf_release(&text);
    return status;
}

/* ---- dealing ---- */

/* Largest first; equal ones by label. */
static int by_size(const void *a, const void *b) {
    const struct input_path *x = *(const struct input_path *const *)a;
    const struct input_path *y = *(const struct input_path *const *)b;
    return x->size != y->size ? (x->size < y->size ? 1 : -1) : strcmp(x->label, y->label);
}

/* The share with the fewest bytes: the least of those whose sums are equal. */
static int lightest(const int64_t *load, int count) {
    int best = 1;
    for (int share = 2; share <= count; share++)
        if (load[share] < load[best])
            best = share;
    return best;
}

/* Adds the inputs that the manifest does not know. What a file holds beside its bytes costs too. */
static bool deal(struct manifest *manifest, const struct inputs *inputs) {
    enum { FILE_COST = 4096 };
    int64_t *load = calloc((size_t)manifest->count + 1, sizeof *load);
    const struct input_path **sorted = calloc(inputs->count + 1, sizeof(void *));
    size_t count = 0, known = manifest->input_count;
    bool ok = load && sorted;
    for (size_t i = 0; ok && i < known; i++)
        load[manifest->inputs[i].share] += manifest->inputs[i].bytes + FILE_COST;
    for (size_t i = 0; ok && i < inputs->count; i++)
        if (!manifest_find(manifest, inputs->at[i].label))
            sorted[count++] = &inputs->at[i];
    if (ok && count)
        qsort(sorted, count, sizeof *sorted, by_size);
    for (size_t i = 0; ok && i < count; i++) {
        int share = lightest(load, manifest->count);
        load[share] += sorted[i]->size + FILE_COST;
        ok = manifest_add(manifest, sorted[i]->label, sorted[i]->size, share);
    }
    manifest_sort(manifest);
    free(sorted);
    free(load);
    return ok;
}

/* The manifest is read, added to and written by one task at a time; each is through in a moment. */
static enum status lock_manifest(const char *folder, struct lock **lock, struct fault *fault) {
    enum { TRIES = 3000, PAUSE_NS = 20000000 };
    char path[4200];
    enum status status = STATUS_FATAL;
    snprintf(path, sizeof path, "%s/manifest.lock", folder);
    for (int i = 0; i < TRIES && !stop_wanted(); i++) {
        status = lock_take(path, lock, fault);
        if (status == STATUS_OK || fault->exit_code != EXIT_LOCKED)
            return status;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
    return status;
}

static enum status deal_all(const char *folder, const struct share *share, const char *settings,
                            bool replace, const struct inputs *inputs, struct manifest *manifest,
                            struct fault *fault) {
    bool found;
    enum status status = manifest_read(folder, manifest, &found, fault);
    if (status != STATUS_OK)
        return status;
    bool other = found && manifest->count != share->count;
    if (other && !replace)
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                         "\"%.200s\" was dealt into %d shares, not %d: give --share I/%d, choose "
                         "another -o, or give --replace to deal it anew",
                         folder, manifest->count, share->count, manifest->count);
    if (other)
        manifest_release(manifest);
    manifest->count = share->count;
    snprintf(manifest->settings, sizeof manifest->settings, "%s", settings);
    return deal(manifest, inputs) ? manifest_write(folder, manifest, fault) : fault_memory(fault);
}

enum status shares_deal(const char *folder, const struct share *share, const char *settings,
                        bool replace, struct inputs *inputs, struct fault *fault) {
    struct manifest manifest = {0};
    struct lock *lock = NULL;
    enum status status = lock_manifest(folder, &lock, fault);
    if (status == STATUS_OK)
        status = deal_all(folder, share, settings, replace, inputs, &manifest, fault);
    lock_drop(lock);
    size_t kept = 0;
    for (size_t i = 0; status == STATUS_OK && i < inputs->count; i++) {
        struct input_path *path = &inputs->at[i];
        const struct manifest_input *dealt = manifest_find(&manifest, path->label);
        if (dealt && dealt->share == share->number)
            inputs->at[kept++] = *path;
        else
            input_path_release(path);
    }
    if (status == STATUS_OK)
        inputs->count = kept;
    manifest_release(&manifest);
    return status;
}
