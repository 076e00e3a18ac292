/* A whole input of any bytes: read to its end within its limits, with a reason for every skip. */
#include "stages/unpack/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct unpack_limits limits = {
    .max_output_bytes = 16 << 20, .max_ratio = 250, .max_members = 200, .zstd_window_log = 20};

static void drain(struct source *source) {
    static char chunk[65537];
    size_t got;
    struct fault fault = {0};
    enum status status;
    while ((status = source_read(source, chunk, sizeof chunk, &got, &fault)) == STATUS_OK)
        if (got == 0 || got > sizeof chunk)
            abort();
    if (status == STATUS_SKIP && !fault.text[0])
        abort();
}

static void take_member(struct member *member, const struct buf *packed, struct budget *budget) {
    struct source *source;
    struct fault fault = {0};
    for (const char *at = member->label; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            abort();
    if (!member->packed) {
        drain(member->source);
    } else if (source_open_packed(&source, buf_as_span(packed), member->label, budget, &fault) ==
               STATUS_OK) {
        drain(source);
        source_close(source);
    }
}

static void read_input(struct input *input, struct budget *budget) {
    struct member member;
    struct fault fault = {0};
    struct buf packed;
    enum status status;
    int more = 5000; /* members and skips: the limit is 200 members */
    buf_init(&packed, 8 << 20);
    while ((status = input_next(input, &member, &packed, &fault)) != STATUS_END &&
           status != STATUS_FATAL) {
        if (--more == 0 || (status == STATUS_SKIP && !fault.text[0]))
            abort();
        if (status == STATUS_OK && more % 7) /* some are dropped unread */
            take_member(&member, &packed, budget);
        fault.text[0] = '\0';
    }
    buf_release(&packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int fd = memfd_create("input", MFD_CLOEXEC);
    char path[64], label[] = "in";
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct input_path input_path = {.path = path, .label = label, .size = (int64_t)size};
    struct budget budget;
    struct input *input;
    struct input_summary summary;
    struct fault fault;
    budget_init(&budget, limits);
    if (input_open(&input, &input_path, &budget, &fault) != STATUS_OK)
        abort();
    read_input(input, &budget);
    input_finish(input, &summary);
    if (summary.bytes_in != size || (summary.damaged && !summary.damage[0]))
        abort();
    input_close(input);
    close(fd);
    return 0;
}
