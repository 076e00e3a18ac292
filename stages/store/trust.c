#include "stages/store/trust.h"

#include <stdlib.h>

/* The most that deflate makes of one byte, and what any file may cost. */
enum { DEFLATE_RATIO = 1040, SMALL_FILE = 16 << 20, CHUNK_MAX = 64 << 20, FILTERS_MAX = 3 };

void trust_begin(struct h5 *h5, int64_t size) {
    h5->size = (size_t)size;
    h5->left = (size_t)size * DEFLATE_RATIO + SMALL_FILE;
    h5->strings_left = (size_t)size + SMALL_FILE;
}

bool trust_affords(const struct h5 *h5, size_t count, size_t size) {
    return count <= (h5->size * DEFLATE_RATIO + SMALL_FILE) / size;
}

bool trust_link(struct h5 *h5, hid_t group, const char *name) {
    H5L_info_t info;
    if (h5->failed)
        return false;
    if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0 || info.type != H5L_TYPE_HARD)
        h5_fail(h5, name);
    return !h5->failed;
}

/* One run of bytes in the file itself, neither packed nor kept in another file: what most of a
 * shard's datasets are, and the list of properties, which HDF5 copies for each, need not say it. */
static bool is_one_run(hid_t set) {
    enum { KEPT_ELSEWHERE = 1 << 7, PACKED = 1 << 11 }; /* messages of the object's header */
#if H5_VERSION_GE(1, 12, 0)
    H5O_native_info_t info;
    bool known = H5Oget_native_info(set, &info, H5O_NATIVE_INFO_HDR) >= 0;
#else
    H5O_info_t info;
    bool known = H5Oget_info2(set, &info, H5O_INFO_HDR) >= 0;
#endif
    return known && !(info.hdr.mesg.present & (KEPT_ELSEWHERE | PACKED)) &&
           H5Dget_offset(set) != HADDR_UNDEF;
}

/* Stored in the file itself, packed by nothing but what burza packs with: no other filter, which
 * might be a plugin, is ever called. */
static bool is_stored_plainly(hid_t set) {
    if (is_one_run(set))
        return true;
    hid_t list = H5Dget_create_plist(set);
    H5D_layout_t layout = list >= 0 ? H5Pget_layout(list) : H5D_VIRTUAL;
    bool chunked = layout == H5D_CHUNKED;
    bool plain = (chunked || layout == H5D_CONTIGUOUS) && H5Pget_external_count(list) == 0;
    int filters = plain ? H5Pget_nfilters(list) : 0;
    plain = plain && filters >= 0 && filters <= FILTERS_MAX;
    for (unsigned i = 0; plain && i < (unsigned)filters; i++) {
        unsigned flags, config;
        size_t values = 0;
        H5Z_filter_t filter = H5Pget_filter2(list, i, &flags, &values, NULL, 0, NULL, &config);
        plain = filter == H5Z_FILTER_SHUFFLE || filter == H5Z_FILTER_DEFLATE ||
                filter == H5Z_FILTER_FLETCHER32;
    }
    hsize_t dims[H5S_MAX_RANK];
    hid_t type = plain && chunked ? H5Dget_type(set) : -1;
    if (type >= 0) {
        size_t bytes = H5Tget_size(type);
        int rank = H5Pget_chunk(list, H5S_MAX_RANK, dims);
        for (int i = 0; i < rank && plain; i++)
            plain = !__builtin_mul_overflow(bytes, (size_t)dims[i], &bytes) && bytes <= CHUNK_MAX;
        H5Tclose(type);
    }
    if (list >= 0)
        H5Pclose(list);
    return plain;
}

/* Values of one kind; of a compound the members too, which may be fewer or more. */
static bool is_like(hid_t file, hid_t want) {
    H5T_class_t class = H5Tget_class(file), wanted = H5Tget_class(want);
    if (class == H5T_INTEGER || class == H5T_FLOAT) /* sums were integers once */
        return (wanted == H5T_INTEGER || wanted == H5T_FLOAT) && H5Tget_size(file) <= 8;
    if (class != wanted)
        return false;
    if (class == H5T_STRING)
        return (H5Tis_variable_str(file) > 0) == (H5Tis_variable_str(want) > 0);
    if (class != H5T_COMPOUND)
        return false;
    int members = H5Tget_nmembers(file);
    bool like = members > 0 && members <= 256;
    for (int i = 0; like && i < members; i++) {
        H5T_class_t member = H5Tget_member_class(file, (unsigned)i);
        hid_t type = H5Tget_member_type(file, (unsigned)i);
        like = type >= 0 && (member == H5T_INTEGER || member == H5T_FLOAT ||
                             (member == H5T_STRING && H5Tis_variable_str(type) == 0));
        H5Tclose(type);
    }
    return like;
}

/* Charges what reading it takes; HDF5 gives zeros for what was never stored, of any number. */
static bool is_affordable(struct h5 *h5, hid_t set, hid_t file, hid_t want, size_t *count) {
    hid_t space = H5Dget_space(set);
    hssize_t points = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
    bool column = space >= 0 && H5Sget_simple_extent_ndims(space) == 1;
    size_t size = H5Tget_size(file) > H5Tget_size(want) ? H5Tget_size(file) : H5Tget_size(want);
    size_t bytes;
    if (space >= 0)
        H5Sclose(space);
    if (points < 0 || !column || __builtin_mul_overflow((size_t)points, size, &bytes) ||
        bytes > h5->left)
        return false;
    h5->left -= bytes;
    *count = (size_t)points;
    return (size_t)points <= h5->size || H5Dget_storage_size(set);
}

hid_t trust_dataset(struct h5 *h5, hid_t group, const char *name, hid_t type, size_t *count) {
    if (!trust_link(h5, group, name))
        return -1;
    hid_t set = H5Dopen2(group, name, H5P_DEFAULT);
    hid_t file = set >= 0 ? H5Dget_type(set) : -1;
    if (file < 0) {
        h5_fail(h5, name);
    } else if (!is_stored_plainly(set) || !is_like(file, type) ||
               (count && !is_affordable(h5, set, file, type, count))) {
        h5_refuse(h5, name);
    }
    if (file >= 0)
        H5Tclose(file);
    if (!h5->failed)
        return set;
    if (set >= 0)
        H5Dclose(set);
    return -1;
}

hid_t trust_attribute(struct h5 *h5, hid_t object, const char *name) {
    if (h5->failed)
        return -1;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    hid_t space = attribute >= 0 ? H5Aget_space(attribute) : -1;
    if (space < 0)
        h5_fail(h5, name);
    else if (H5Sget_simple_extent_npoints(space) != 1)
        h5_refuse(h5, name);
    if (space >= 0)
        H5Sclose(space);
    if (!h5->failed)
        return attribute;
    if (attribute >= 0)
        H5Aclose(attribute);
    return -1;
}

/* A heap of strings may give one to many elements: together they are no more than the file. */
static void *take_string(size_t size, void *context) {
    struct h5 *h5 = context;
    if (size > h5->strings_left)
        return NULL;
    h5->strings_left -= size;
    return malloc(size ? size : 1);
}

static void give_string(void *string, void *context) {
    (void)context;
    free(string);
}

bool trust_read_strings(struct h5 *h5, hid_t set, hid_t type, char **texts) {
    static hid_t transfer = -1;
    if (transfer < 0)
        transfer = H5Pcopy(h5_transfer());
    return transfer >= 0 &&
           H5Pset_vlen_mem_manager(transfer, take_string, h5, give_string, h5) >= 0 &&
           H5Dread(set, type, H5S_ALL, H5S_ALL, transfer, texts) >= 0;
}
