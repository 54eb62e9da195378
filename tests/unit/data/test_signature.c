/* SPDX-License-Identifier: MIT
 *
 * Files of other kinds are named with the way out by every reader; tables that begin with a word
 * that is also a magic number are tables. Texts of other encodings become UTF-8.
 */
#include "base/memory.h"
#include "base/utf8.h"
#include "data/formats/csv/csv.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/formats/npy/format_npy.h"
#include "data/formats/signature.h"
#include "file_fixture.h"

#include <strings.h>

#define BYTES(text) (text), sizeof(text) - 1

struct kind {
    const char *bytes;
    size_t size;
    const char *what, *remedy;
};

static const struct kind kinds[] = {
    {BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"), "a document of Office",
     "save the sheet as CSV"},
    {BYTES("PAR1\x15\0\x15"), "Parquet", "pd.read_parquet(FILE).to_csv("},
    {BYTES("ARROW1\0\0"), "Arrow or Feather", "pd.read_feather(FILE).to_csv("},
    {BYTES("FEA1\0\0\0\0"), "Feather", "pd.read_feather(FILE).to_csv("},
    {BYTES("\xff\xff\xff\xff\x70\0\0\0"), "a stream of Arrow", "pa.ipc.open_stream(FILE)"},
    {BYTES("ORC\x11\0\0"), "ORC", "pd.read_orc(FILE).to_csv("},
    {BYTES("Obj\1\4\x14"), "Avro", "fastavro.reader("},
    {BYTES("CDF\1\0\0\0\0"), "netCDF", "scipy.io.netcdf_file(FILE)"},
    {BYTES("$FL2@(#) SPSS DATA FILE"), "a file of SPSS", "pd.read_spss(FILE).to_csv("},
    {BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60\xb3"), "a file of SAS",
     "read_sas(FILE, format='sas7bdat')"},
    {BYTES("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000"), "a transport file of SAS",
     "read_sas(FILE, format='xport')"},
    {BYTES("\x73\2\1\0\1\0"), "a file of Stata", "pd.read_stata(FILE).to_csv("},
    {BYTES("RDA3\nA\n3\n"), "an image of R", "write.csv("},
    {BYTES("\x89HDF\r\n\x1a\n"), "HDF5", "h5py.File(FILE)"},
    {BYTES("SQLite format 3\0\x10\0"), "a database of SQLite", "sqlite3 -header -csv"},
    {BYTES("RDX3\nX\n\0\0\0\3"), "an image of R", "write.csv("},
    {BYTES("\x80\4\x95\0\0"), "a pickle of Python", "np.save('X.npy', X)"},
    {BYTES("\xff\xfe"
           "1\0,\0"),
     "UTF-16 text", "iconv -f UTF-16 -t UTF-8"},
    {BYTES("\xff\xfe\0\0"
           "1\0\0\0"),
     "UTF-32 text", "iconv -f UTF-32 -t UTF-8"},
    {BYTES("% a comment\n\n@RELATION iris\n@ATTRIBUTE x REAL\n"), "ARFF", "--format arff"},
    {BYTES("%%MatrixMarket matrix coordinate real general\n2 2 1\n"), "MatrixMarket",
     "dump_svmlight_file"},
    {BYTES("%YAML:1.0\n---\n"), "YAML, as OpenCV writes it", "save data as CSV"},
    {BYTES("<?xml version=\"1.0\"?>\n"), "XML", "save the data as CSV"},
    {BYTES("<!doctype html>\n"), "a page of HTML", "the download has failed"},
    {BYTES("version https://git-lfs.github.com/spec/v1\n"), "what git-lfs keeps", "git lfs pull"},
    {BYTES("{\"x\": [1, 2]}\n"), "JSON", "pd.read_json(FILE).to_csv("},
    {BYTES("\n [{\"x\": 1}]\n"), "JSON", "pd.read_json(FILE).to_csv("},
    {BYTES("[[1, 0], [2, 1]]\n"), "JSON", "json.load(open(FILE))"},
};

/* What readers of data see only where it was unpacked already, and readers of models as it is. */
static const struct kind packed[] = {
    {BYTES("\x1f\x8b\x08\0\0\0\0\0"), "compressed by gzip", "gunzip <"},
    {BYTES("BZh91AY&SYxyz"), "compressed by bzip2", "bunzip2 <"},
    {BYTES("\xfd"
           "7zXZ\0\0\x04"),
     "compressed by xz", "unxz <"},
    {BYTES("\x28\xb5\x2f\xfd\x24"), "compressed by zstd", "unzstd <"},
    {BYTES("PK\3\4\x14\0\0\0_____[Content_Types].xml____xl/workbook.xml"), "a workbook of Excel",
     "save the sheet as CSV"},
    {BYTES("PK\3\4\x14\0\0\0____X.npy"), "an archive of NumPy (.npz)", "--format npy"},
    {BYTES("PK\3\4\x14\0\0\0____a.csv"), "an archive (.zip)", "unzip FILE"},
    {BYTES("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "with nothing in it", "again"},
};

static void what_is_packed_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
        const struct signature *found = signature_find(packed[i].bytes, packed[i].size);
        assert_non_null(found);
        assert_non_null(strstr(found->what, packed[i].what));
        assert_non_null(strstr(found->remedy, packed[i].remedy));
    }
}

static void every_reader_names_what_it_does_not_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (size_t r = 0; r < format_table.count; r++) {
            struct error error;
            if (strcasecmp(format_table.entries[r]->name, kinds[i].what) == 0)
                continue; /* it is this reader's */
            struct source source = {.format = (const struct format *)format_table.entries[r],
                                    .label = "none"};
            assert_null(read_as(kinds[i].bytes, kinds[i].size, source, 1, &error));
            assert_int_equal(error.kind, ERROR_USAGE);
            if (strstr(error.message, kinds[i].what) == NULL ||
                strstr(error.message, kinds[i].remedy) == NULL)
                fail_msg("'%s' instead of '%s' and '%s'", error.message, kinds[i].what,
                         kinds[i].remedy);
        }
}

/* Each is read, or refused for what it is. */
static void tables_are_no_other_kind(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "PAR1,PAR2\n1,0\n2,1\n",   "ORC,y\n1,0\n2,1\n",         "BZh9,y\n1,0\n2,1\n",
        "@relation,y\n1,0\n2,1\n", "RDX2,y\n1,0\n2,1\n",        "FEA1,y\n1,0\n2,1\n",
        "{m},y\n1,0\n2,1\n",       "[m],y\n1,0\n2,1\n",         "MATLAB version,y\n1,0\n2,1\n",
        "version,y\n1,0\n2,1\n",   "ARROW1,ARROW2\n1,0\n2,1\n", "%,y\n1,0\n2,1\n",
        "<1 year,y\n1,0\n2,1\n",   "$FL,y\n1,0\n2,1\n",         "Obj,y\n1,0\n2,1\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_null(signature_find(texts[i], strlen(texts[i])));
        struct dataset *data = read_text(texts[i], NULL);
        assert_int_equal(data->rows, 2);
        dataset_free(data);
    }
}

static void lines_that_end_in_cr_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"x,y\r1,0\r2,1\r", "1,0\r2,1\r\n", "1,0\r2,1",
                                        "0 1:1\r1 1:2\r"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int sparse = 0; sparse < 2; sparse++) {
            struct error error;
            struct source source = {.format = sparse ? &format_libsvm : &format_csv};
            assert_null(read_as(texts[i], strlen(texts[i]), source, 1, &error));
            assert_non_null(strstr(error.message,
                                   ": lines end with CR alone; save the file with LF: "
                                   "tr '\\r' '\\n' < FILE > OUT"));
        }
    static const struct {
        const char *text, *message;
    } within[] = {
        {"a,b\n1,0\n2\r3,1\n", ":3:1: a line ends with CR alone in column 1 (a); end all lines"},
        {"a,b\n1,0\n2,no\ryes\n", ":3:3: a line ends with CR alone in column 2 (b)"},
        {"a\rb,c\n1,0\n2,1\n", ":1:1: a line ends with CR alone; end all lines with LF"},
        {"a,b\n1,0\n2,\"no\ryes\"\n", ":3:3: a quoted field does not end on its line"},
        {"\"a\rb\",c\n1,0\n2,1\n", ":1:1: a quoted field does not end on its line"},
    };
    struct error error;
    for (size_t i = 0; i < sizeof within / sizeof *within; i++) {
        assert_null(read_as(within[i].text, strlen(within[i].text), (struct source){0}, 1, &error));
        assert_non_null(strstr(error.message, within[i].message));
    }
    assert_null(read_as(BYTES("1\0,\0"
                              "0\0\n\0"),
                        (struct source){0}, 1, &error));
    assert_non_null(
        strstr(error.message, "this is UTF-16 text; save it as UTF-8: iconv -f UTF-16LE"));
}

/* The first line is in Windows-1252, where a byte's order is not that of its character. */
static void classes_are_the_same_in_every_encoding(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1,\xff\n2,\x9a\n3,\xff\n",             /* y with diaeresis, s with caron */
        "1,\xc3\xbf\n2,\xc5\xa1\n3,\xc3\xbf\n", /* the same as UTF-8 */
        "1,\xff\n2,\xc5\xa1\n3,\xc3\xbf\n",     /* both in one file */
        "1,\"\xff\"\n2,\"\x9a\"\n3,\xc3\xbf\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dataset *data = read_text(texts[i], NULL);
        assert_string_equal(data->class_names[0], "\xc3\xbf");
        assert_string_equal(data->class_names[1], "\xc5\xa1");
        for (int row = 0; row < 3; row++)
            assert_true(data->y[row] == (row == 1));
        dataset_free(data);
    }
}

static void texts_become_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *text, *utf8;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"gr\xf6\xdf"
         "e",
         "gr\xc3\xb6\xc3\x9f"
         "e"},
        {"gr\xc3\xb6\xc3\x9f"
         "e",
         "gr\xc3\xb6\xc3\x9f"
         "e"},
        {"\x80 5", "\xe2\x82\xac 5"},                     /* the sign of the euro in Windows-1252 */
        {"\x93q\x94", "\xe2\x80\x9cq\xe2\x80\x9d"},       /* quotes */
        {"\xed\xa0\x80", "\xc3\xad\xc2\xa0\xe2\x82\xac"}, /* a surrogate is no character */
        {"\xc0\xaf", "\xc3\x80\xc2\xaf"},                 /* nor is an overlong form */
        {"\xf4\x90\x80\x80", "\xc3\xb4\xc2\x90\xe2\x82\xac\xe2\x82\xac"}, /* nor U+110000 */
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        {"\xe2\x82", "\xc3\xa2\xe2\x80\x9a"}, /* cut off */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *copy = utf8_copy(cases[i].text), *again = utf8_copy(copy);
        assert_string_equal(copy, cases[i].utf8);
        assert_string_equal(again, copy);
        memory_free(again);
        memory_free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_is_named),
        cmocka_unit_test(every_reader_names_what_it_does_not_read),
        cmocka_unit_test(tables_are_no_other_kind),
        cmocka_unit_test(lines_that_end_in_cr_are_refused),
        cmocka_unit_test(classes_are_the_same_in_every_encoding),
        cmocka_unit_test(texts_become_utf8),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
