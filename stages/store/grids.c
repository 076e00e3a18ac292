/* Layout of a grid group (CF-1.8, dimension scales):
 *   time(time), time_bnds(time, nv) float64, brand(brand), channel(channel), language(language),
 *   stage(stage) as variable-length UTF-8
 *   mentions, positive, neutral, negative (time, brand, channel, language) int32
 *   reach, engagement (time, brand, channel, language) float64 (sums may pass 2^31)
 *   authors, sentiment_mean, velocity, ... (time, brand); stage_mentions (time, brand, stage)
 *   coverage, all_posts (time, channel)
 * Nothing in a dimension is a total of the others, so sums over dimensions are right. */
#include "stages/store/grids.h"

#include "stages/store/columns.h"
#include "stages/store/trust.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLAB_BYTES = 512 * 1024 };

struct shape {
    int rank;
    hsize_t dims[4];
    const char *scales[4]; /* names of the dimension scales */
};

struct variable {
    const char *name;
    size_t offset;
    enum { VALUE_I32, VALUE_F32, VALUE_I64 } type;
    const char *long_name, *units, *cell_methods;
};

#define CELL(name, type, long_name, units)                                                         \
    { #name, offsetof(struct grid_cell, name), type, long_name, units, "time: sum" }
static const struct variable cell_variables[] = {
    CELL(mentions, VALUE_I32, "mentions", "1"),
    CELL(positive, VALUE_I32, "positive mentions", "1"),
    CELL(neutral, VALUE_I32, "neutral mentions", "1"),
    CELL(negative, VALUE_I32, "negative mentions", "1"),
    CELL(reach, VALUE_I64, "sum of followers of the authors, 0 where unknown", "1"),
    CELL(engagement, VALUE_I64, "likes + replies + reposts, 0 where unknown", "1"),
};

#define POINT(name, type, long_name, units, methods)                                               \
    { #name, offsetof(struct grid_point, name), type, long_name, units, methods }
static const struct variable point_variables[] = {
    POINT(authors, VALUE_I32, "distinct authors; -1: fewer than the smallest cell", "1",
          "time: sum"),
    POINT(originals, VALUE_I32, "mentions that are originals or quotes", "1", "time: sum"),
    POINT(replies, VALUE_I32, "mentions that are replies", "1", "time: sum"),
    POINT(reposts, VALUE_I32, "mentions that are reposts", "1", "time: sum"),
    POINT(sentiment_mean, VALUE_F32, "mean sentiment score, -1..1", "1", "time: mean"),
    POINT(net_sentiment, VALUE_F32, "(positive - negative) / (positive + negative)", "1", ""),
    POINT(share_of_voice, VALUE_F32, "mentions / mentions of all brands of the audit", "1", ""),
    POINT(velocity, VALUE_F32, "smoothed mentions per hour", "count h-1", "time: mean"),
    POINT(acceleration, VALUE_F32, "change of velocity per hour", "count h-2", "time: mean"),
    POINT(baseline, VALUE_F32, "expected mentions", "1", "time: sum"),
    POINT(surprise, VALUE_F32, "(mentions - baseline) / standard deviation", "1", ""),
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static hid_t native_type(const struct variable *variable, bool in_file) {
    if (variable->type == VALUE_F32)
        return H5T_NATIVE_FLOAT;
    if (variable->type == VALUE_I32)
        return H5T_NATIVE_INT32;
    /* 64-bit sums travel as doubles, exact below 2^53, which every reader understands */
    return in_file ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64;
}

static size_t value_size(const struct variable *variable) {
    return variable->type == VALUE_I64 ? 8 : 4;
}

/* Rows of time per chunk, so that a chunk is about SLAB_BYTES. */
static hsize_t slab_rows(const struct shape *shape, size_t size) {
    hsize_t row = size;
    for (int i = 1; i < shape->rank; i++)
        row *= shape->dims[i];
    hsize_t rows = row ? SLAB_BYTES / row : 1;
    if (rows > shape->dims[0])
        rows = shape->dims[0];
    return rows ? rows : 1;
}

static hid_t make_variable(struct h5 *h5, hid_t group, const char *name, hid_t type,
                           const struct shape *shape) {
    hsize_t chunk[4];
    memcpy(chunk, shape->dims, sizeof chunk);
    chunk[0] = slab_rows(shape, H5Tget_size(type));
    hid_t space = H5Screate_simple(shape->rank, shape->dims, NULL);
    hid_t creation = h5_creation(shape->rank, chunk, true);
    if (H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == sizeof(float)) {
        float missing = NAN;
        H5Pset_fill_value(creation, H5T_NATIVE_FLOAT, &missing);
    }
    hid_t set =
        H5Dcreate2(group, name, h5_little_endian(type), space, H5P_DEFAULT, creation, H5P_DEFAULT);
    H5Pclose(creation);
    H5Sclose(space);
    if (set < 0)
        h5_fail(h5, name);
    return set;
}

/* Creates the variable with scales and CF attributes; -1 after a failure. */
static hid_t begin_variable(struct h5 *h5, hid_t group, const struct variable *variable,
                            const struct shape *shape) {
    if (h5->failed)
        return -1;
    hid_t type = native_type(variable, true);
    hid_t set = make_variable(h5, group, variable->name, type, shape);
    for (int i = 0; i < shape->rank && !h5->failed; i++) {
        hid_t scale = H5Dopen2(group, shape->scales[i], H5P_DEFAULT);
        if (scale < 0 || H5DSattach_scale(set, scale, (unsigned)i) < 0)
            h5_fail(h5, shape->scales[i]);
        if (scale >= 0)
            H5Dclose(scale);
    }
    h5_attribute_fixed(h5, set, "long_name", variable->long_name);
    h5_attribute_fixed(h5, set, "units", variable->units);
    if (variable->cell_methods[0])
        h5_attribute_fixed(h5, set, "cell_methods", variable->cell_methods);
    if (variable->type == VALUE_F32) {
        float missing = NAN;
        h5_attribute_number(h5, set, "_FillValue", H5T_NATIVE_FLOAT, &missing);
    }
    return set;
}

static void end_variable(struct h5 *h5, hid_t set, const char *name) {
    if (set >= 0 && H5Dclose(set) < 0)
        h5_fail(h5, name);
}

/* Rows [from, from + rows) of a variable as one chunk of the file. */
static void pack_slab(struct h5 *h5, hid_t set, const struct shape *shape, size_t element,
                      hsize_t from, hsize_t rows, const char *bytes, char *owned) {
    size_t row = element;
    for (int i = 1; i < shape->rank; i++)
        row *= (size_t)shape->dims[i];
    struct chunk chunk = {.set = set,
                          .at = {from},
                          .bytes = bytes,
                          .size = (size_t)rows * row,
                          .whole = (size_t)slab_rows(shape, element) * row,
                          .element = element,
                          .owned = owned};
    chunks_add(h5, &chunk);
}

/* A whole array that lies in memory as in the file; `owned` as with h5_pack. */
static void pack_array(struct h5 *h5, hid_t group, const struct variable *variable,
                       const struct shape *shape, const void *data, bool owned) {
    hid_t set = begin_variable(h5, group, variable, shape);
    size_t element = value_size(variable), row = element;
    char *left = owned ? (char *)(uintptr_t)data : NULL;
    for (int i = 1; i < shape->rank; i++)
        row *= (size_t)shape->dims[i];
    hsize_t rows = slab_rows(shape, element);
    for (hsize_t from = 0; data && !h5->failed && from < shape->dims[0]; from += rows) {
        hsize_t here = shape->dims[0] - from < rows ? shape->dims[0] - from : rows;
        bool last = from + here == shape->dims[0];
        pack_slab(h5, set, shape, element, from, here, (const char *)data + from * row,
                  last ? left : NULL);
        if (last)
            left = NULL;
    }
    if (!data)
        h5_fail(h5, "out of memory");
    free(left);
    end_variable(h5, set, variable->name);
}

static struct shape cell_shape(const struct audit *audit, const struct grid *grid) {
    return (struct shape){4,
                          {grid->times, audit->brands.count, audit->channels.count, LANGUAGE_COUNT},
                          {"time", "brand", "channel", "language"}};
}

static size_t cell_place(const struct shape *shape, const struct grid_cell *cell, hsize_t from) {
    return (size_t)((((cell->time - from) * shape->dims[1] + cell->brand) * shape->dims[2] +
                     cell->channel) *
                        shape->dims[3] +
                    cell->language);
}

/* Writes one additive variable; slabs without a cell are left to the fill value, 0. */
static void write_cells(struct h5 *h5, hid_t group, const struct variable *variable,
                        const struct audit *audit, const struct grid *grid) {
    struct shape shape = cell_shape(audit, grid);
    hid_t set = begin_variable(h5, group, variable, &shape);
    size_t size = value_size(variable),
           row = (size_t)(shape.dims[1] * shape.dims[2] * shape.dims[3]);
    hsize_t rows = slab_rows(&shape, size);
    for (size_t next = 0; !h5->failed && next < grid->cell_count;) {
        hsize_t from = grid->cells[next].time / rows * rows;
        hsize_t here = grid->times - from < rows ? grid->times - from : rows;
        char *slab = calloc((size_t)here * row, size);
        if (!slab) {
            h5_fail(h5, "out of memory");
            break;
        }
        for (; next < grid->cell_count && grid->cells[next].time < from + here; next++) {
            const char *value = (const char *)&grid->cells[next] + variable->offset;
            char *to = slab + cell_place(&shape, &grid->cells[next], from) * size;
            memcpy(to, value, size);
            if (variable->type == VALUE_I64) { /* a double in the file */
                int64_t sum;
                memcpy(&sum, value, sizeof sum);
                memcpy(to, &(double){(double)sum}, sizeof(double));
            }
        }
        pack_slab(h5, set, &shape, size, from, here, slab, slab);
    }
    end_variable(h5, set, variable->name);
}

/* Of the variables of points: one value each, `values` 1, or one for each stage. */
static struct shape point_shape(const struct audit *audit, const struct grid *grid, size_t values) {
    return (struct shape){
        values > 1 ? 3 : 2, {grid->times, audit->brands.count, values}, {"time", "brand", "stage"}};
}

static void write_points(struct h5 *h5, hid_t group, const struct variable *variable,
                         const struct audit *audit, const struct grid *grid, size_t values) {
    struct shape shape = point_shape(audit, grid, values);
    size_t count = grid->times * audit->brands.count, size = values * value_size(variable);
    char *data = malloc(count * size + 1);
    for (size_t i = 0; data && i < count; i++)
        memcpy(data + i * size, (const char *)&grid->points[i] + variable->offset, size);
    pack_array(h5, group, variable, &shape, data, true);
}

static const struct variable stage_variable = {"stage_mentions",
                                               offsetof(struct grid_point, stages),
                                               VALUE_I32,
                                               "mentions by journey stage (5A)",
                                               "1",
                                               "time: sum"};
static const struct variable coverage_variable = {
    "coverage",  0, VALUE_F32, "share of the time that the dump covers, 0 unknown .. 1 whole", "1",
    "time: mean"};
static const struct variable posts_variable = {
    "all_posts", 0, VALUE_I32, "posts of the dump, about the brands or not", "1", "time: sum"};

bool grid_column_note(size_t index, struct column_note *out) {
    static const struct {
        const struct variable *at;
        size_t count;
        const char *dimensions;
    } parts[] = {{cell_variables, LENGTH(cell_variables), "time, brand, channel, language"},
                 {point_variables, LENGTH(point_variables), "time, brand"},
                 {&stage_variable, 1, "time, brand, stage"},
                 {&coverage_variable, 1, "time, channel"},
                 {&posts_variable, 1, "time, channel"}};
    static const char *const types[] = {
        [VALUE_I32] = "int32", [VALUE_F32] = "float32", [VALUE_I64] = "float64"};
    for (size_t i = 0; i < LENGTH(parts); i++) {
        if (index < parts[i].count) {
            const struct variable *variable = &parts[i].at[index];
            *out = (struct column_note){variable->name, types[variable->type], parts[i].dimensions,
                                        variable->units, variable->long_name};
            return true;
        }
        index -= parts[i].count;
    }
    return false;
}

/* ---- scales ---- */

static void make_scale(struct h5 *h5, hid_t group, const char *name, const char *scale_name) {
    if (h5->failed)
        return;
    hid_t set = H5Dopen2(group, name, H5P_DEFAULT);
    if (set < 0 || H5DSset_scale(set, scale_name) < 0)
        h5_fail(h5, name);
    if (set >= 0)
        H5Dclose(set);
}

static void write_time(struct h5 *h5, hid_t group, const struct grid *grid) {
    double *starts = malloc((grid->times + 1) * sizeof *starts);
    if (!starts)
        h5_fail(h5, "out of memory");
    for (size_t i = 0; starts && i < grid->times; i++)
        starts[i] = (double)grid->edges_s[i];
    h5_pack(h5, group, "time", H5T_NATIVE_DOUBLE, starts, grid->times, true);
    make_scale(h5, group, "time", "time");
    if (h5->failed)
        return;
    hid_t set = H5Dopen2(group, "time", H5P_DEFAULT);
    h5_attribute_fixed(h5, set, "standard_name", "time");
    h5_attribute_fixed(h5, set, "long_name", "beginning of the bucket");
    h5_attribute_fixed(h5, set, "units", "seconds since 1970-01-01 00:00:00");
    h5_attribute_fixed(h5, set, "calendar", "proleptic_gregorian");
    h5_attribute_fixed(h5, set, "bounds", "time_bnds");
    H5Dclose(set);
}

static void write_bounds(struct h5 *h5, hid_t group, const struct grid *grid) {
    static const struct variable variable = {
        "time_bnds", 0, VALUE_I64, "edges of the bucket", "seconds since 1970-01-01 00:00:00", ""};
    struct shape shape = {2, {grid->times, 2}, {"time", "nv"}};
    double *bounds = malloc((grid->times * 2 + 1) * sizeof *bounds);
    int32_t sides[2] = {0, 1};
    for (size_t i = 0; bounds && i < grid->times * 2; i++)
        bounds[i] = (double)grid->edges_s[(i + 1) / 2];
    h5_write(h5, group, "nv", H5T_NATIVE_INT32, sides, 2);
    make_scale(h5, group, "nv", "This is a netCDF dimension but not a netCDF variable.         2");
    pack_array(h5, group, &variable, &shape, bounds, true);
}

static void write_names(struct h5 *h5, hid_t group, const char *name, const struct names *names) {
    column_write_names(h5, group, name, names);
    make_scale(h5, group, name, name);
}

static void write_scales(struct h5 *h5, hid_t group, const struct audit *audit,
                         const struct grid *grid) {
    const char *languages[LANGUAGE_COUNT], *stages[STAGE_COUNT];
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        languages[i] = language_name((enum language)i);
    for (int i = 0; i < STAGE_COUNT; i++)
        stages[i] = stage_name((enum stage)i);
    write_time(h5, group, grid);
    write_names(h5, group, "brand", &audit->brands);
    write_names(h5, group, "channel", &audit->channels);
    h5_write_strings(h5, group, "language", languages, LANGUAGE_COUNT);
    make_scale(h5, group, "language", "language");
    h5_write_strings(h5, group, "stage", stages, STAGE_COUNT);
    make_scale(h5, group, "stage", "stage");
    write_bounds(h5, group, grid);
}

void grid_write(struct h5 *h5, const struct audit *audit, enum grid_id id) {
    const struct grid *grid = &audit->grids[id];
    hid_t group = h5_group_make(h5, grid_names[id]);
    h5_attribute_fixed(h5, group, "Conventions", "CF-1.8");
    h5_attribute_fixed(h5, group, "title",
                       id == GRID_HOURLY ? "Brand mentions by hour"
                                         : "Brand mentions by local day");
    write_scales(h5, group, audit, grid);
    for (size_t i = 0; i < LENGTH(cell_variables) && !h5->failed; i++)
        write_cells(h5, group, &cell_variables[i], audit, grid);
    for (size_t i = 0; i < LENGTH(point_variables) && !h5->failed; i++)
        write_points(h5, group, &point_variables[i], audit, grid, 1);
    write_points(h5, group, &stage_variable, audit, grid, STAGE_COUNT);
    struct shape shape = {2, {grid->times, audit->channels.count}, {"time", "channel"}};
    pack_array(h5, group, &coverage_variable, &shape, grid->coverage, false);
    pack_array(h5, group, &posts_variable, &shape, grid->all_posts, false);
    h5_group_close(group);
}

/* ---- reading ---- */

static void read_slab(struct h5 *h5, hid_t set, hid_t type, const struct shape *shape, hsize_t from,
                      hsize_t rows, void *data) {
    hsize_t start[4] = {from}, count[4];
    memcpy(count, shape->dims, sizeof count);
    count[0] = rows;
    hid_t file_space = H5Dget_space(set);
    hid_t memory_space = H5Screate_simple(shape->rank, count, NULL);
    H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, count, NULL);
    if (H5Dread(set, type, memory_space, file_space, H5P_DEFAULT, data) < 0)
        h5_fail(h5, "grid");
    H5Sclose(memory_space);
    H5Sclose(file_space);
}

static hid_t open_variable(struct h5 *h5, hid_t group, const struct variable *variable,
                           const struct shape *shape) {
    const char *name = variable->name;
    hsize_t dims[H5S_MAX_RANK] = {0};
    hid_t set = trust_dataset(h5, group, name, native_type(variable, false), NULL);
    if (h5->failed)
        return -1;
    hid_t space = set >= 0 ? H5Dget_space(set) : -1;
    if (space < 0 || H5Sget_simple_extent_ndims(space) != shape->rank ||
        H5Sget_simple_extent_dims(space, dims, NULL) < 0 ||
        memcmp(dims, shape->dims, (size_t)shape->rank * sizeof *dims) != 0)
        h5_fail(h5, name);
    if (space >= 0)
        H5Sclose(space);
    return set;
}

static void read_array(struct h5 *h5, hid_t group, const struct variable *variable,
                       const struct shape *shape, void *data) {
    hid_t set = open_variable(h5, group, variable, shape);
    if (!h5->failed && shape->dims[0])
        read_slab(h5, set, native_type(variable, false), shape, 0, shape->dims[0], data);
    end_variable(h5, set, variable->name);
}

/* Cells are the places where `mentions` is not 0. */
static void find_cells(struct h5 *h5, struct grid *grid, const struct shape *shape,
                       const int32_t *slab, hsize_t from, hsize_t rows, size_t *cap) {
    size_t row = (size_t)(shape->dims[1] * shape->dims[2] * shape->dims[3]);
    for (size_t i = 0; i < (size_t)rows * row; i++) {
        if (!slab[i])
            continue;
        if (grid->cell_count == *cap) {
            *cap = *cap ? *cap * 2 : 4096;
            if (!trust_affords(h5, *cap, sizeof *grid->cells)) {
                h5_refuse(h5, "mentions");
                return;
            }
            struct grid_cell *cells = realloc(grid->cells, *cap * sizeof *cells);
            if (!cells) {
                h5_fail(h5, "out of memory");
                return;
            }
            grid->cells = cells;
        }
        grid->cells[grid->cell_count++] = (struct grid_cell){
            .time = (uint32_t)(from + i / row),
            .language = (uint8_t)(i % shape->dims[3]),
            .channel = (uint16_t)(i / shape->dims[3] % shape->dims[2]),
            .brand = (uint16_t)(i / (shape->dims[3] * shape->dims[2]) % shape->dims[1])};
    }
}

static void read_cells(struct h5 *h5, hid_t group, const struct variable *variable,
                       const struct audit *audit, struct grid *grid, bool first) {
    struct shape shape = cell_shape(audit, grid);
    hid_t set = open_variable(h5, group, variable, &shape);
    size_t size = value_size(variable),
           row = (size_t)(shape.dims[1] * shape.dims[2] * shape.dims[3]);
    hsize_t rows = slab_rows(&shape, size);
    char *slab = malloc((size_t)rows * row * size + 1);
    if (!slab)
        h5_fail(h5, "out of memory");
    size_t next = 0, cap = 0;
    for (hsize_t from = 0; !h5->failed && from < grid->times; from += rows) {
        hsize_t here = grid->times - from < rows ? grid->times - from : rows;
        read_slab(h5, set, native_type(variable, false), &shape, from, here, slab);
        if (first && !h5->failed)
            find_cells(h5, grid, &shape, (const int32_t *)slab, from, here, &cap);
        for (; next < grid->cell_count && grid->cells[next].time < from + here; next++) {
            struct grid_cell *cell = &grid->cells[next];
            memcpy((char *)cell + variable->offset, slab + cell_place(&shape, cell, from) * size,
                   size);
        }
    }
    free(slab);
    end_variable(h5, set, variable->name);
}

static void read_points(struct h5 *h5, hid_t group, const struct variable *variable,
                        const struct audit *audit, struct grid *grid, size_t values) {
    struct shape shape = point_shape(audit, grid, values);
    size_t count = grid->times * audit->brands.count, size = values * value_size(variable);
    char *data = malloc(count * size + 1);
    if (!data)
        h5_fail(h5, "out of memory");
    read_array(h5, group, variable, &shape, data);
    for (size_t i = 0; data && !h5->failed && i < count; i++)
        memcpy((char *)&grid->points[i] + variable->offset, data + i * size, size);
    free(data);
}

/* More hours and columns than any audit has. */
enum { TIMES_MAX = 4 << 20, CHANNELS_MAX = 1024 };

static void read_edges(struct h5 *h5, hid_t group, struct grid *grid) {
    size_t times;
    int64_t *starts = h5_read(h5, group, "time", H5T_NATIVE_INT64, sizeof *starts, &times);
    struct shape shape = {2, {times, 2}, {"time", "nv"}};
    static const struct variable variable = {"time_bnds", 0, VALUE_I64, "", "", ""};
    int64_t *bounds = malloc((times * 2 + 1) * sizeof *bounds);
    if (!bounds)
        h5_fail(h5, "out of memory");
    read_array(h5, group, &variable, &shape, bounds);
    grid->edges_s = starts; /* h5_read leaves room for one more */
    grid->times = times;
    if (!h5->failed && times)
        grid->edges_s[times] = bounds[times * 2 - 1];
    free(bounds);
}

void grid_read(struct h5 *h5, struct audit *audit, enum grid_id id) {
    struct grid *grid = &audit->grids[id];
    hid_t group = h5_group_open(h5, grid_names[id]);
    read_edges(h5, group, grid);
    if (grid->times > TIMES_MAX || audit->channels.count > CHANNELS_MAX ||
        !trust_affords(h5, grid->times * audit->brands.count, sizeof *grid->points) ||
        !trust_affords(h5, grid->times * audit->channels.count, sizeof *grid->coverage))
        h5_refuse(h5, grid_names[id]);
    if (h5->failed) {
        h5_group_close(group);
        grid->times = 0;
        return;
    }
    grid->points = calloc(grid->times * audit->brands.count + 1, sizeof *grid->points);
    grid->coverage = calloc(grid->times * audit->channels.count + 1, sizeof *grid->coverage);
    grid->all_posts = calloc(grid->times * audit->channels.count + 1, sizeof *grid->all_posts);
    if (!grid->points || !grid->coverage || !grid->all_posts)
        h5_fail(h5, "out of memory");
    for (size_t i = 0; i < LENGTH(cell_variables) && !h5->failed; i++)
        read_cells(h5, group, &cell_variables[i], audit, grid, i == 0);
    for (size_t i = 0; i < LENGTH(point_variables) && !h5->failed; i++)
        read_points(h5, group, &point_variables[i], audit, grid, 1);
    read_points(h5, group, &stage_variable, audit, grid, STAGE_COUNT);
    struct shape shape = {2, {grid->times, audit->channels.count}, {"time", "channel"}};
    read_array(h5, group, &coverage_variable, &shape, grid->coverage);
    read_array(h5, group, &posts_variable, &shape, grid->all_posts);
    h5_group_close(group);
    /* the cells' totals are also the points' */
    for (size_t i = 0; !h5->failed && i < grid->cell_count; i++) {
        const struct grid_cell *cell = &grid->cells[i];
        struct grid_point *point = &grid->points[cell->time * audit->brands.count + cell->brand];
        point->mentions += cell->mentions;
        point->positive += cell->positive;
        point->neutral += cell->neutral;
        point->negative += cell->negative;
    }
}
