/* Labelled texts: whatever is read has a label and a text within the input, and lines are in order.
 */
#include "pipeline/commands/labelled_rows.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct labelled_rows rows;
    struct fault fault = {0};
    enum status status = labelled_rows_read(&rows, (struct span){(const char *)data, size}, &fault);
    require(status == STATUS_OK ? rows.count > 0 : fault.exit_code == EXIT_DATA);
    for (size_t i = 0; i < rows.count; i++) {
        const struct labelled_row *row = &rows.at[i];
        require(row->label >= -1 && row->label <= 1 && row->text.len > 0 && row->line > 0);
        require(i == 0 || row->line > row[-1].line);
    }
    labelled_rows_release(&rows);
    return 0;
}
