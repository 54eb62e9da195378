/* SPDX-License-Identifier: MIT
 *
 * The table of signatures. For binary kinds they are the magic numbers that file(1) knows; for text
 * only what no table of numbers begins with. The first row that matches is it: an archive comes
 * after the kinds of archives that are told by the name of their first member.
 */
#include "data/formats/signature.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { LOOKED_AT = 4096 }; /* bytes in which a second text is looked for */

#define PANDAS_TO_CSV "save it as CSV, with Python: import pandas as pd; pd."

#define EXCEL_SEP "take that line out: tail -n +2 FILE > OUT"
#define STATA_TO_CSV PANDAS_TO_CSV "read_stata(FILE).to_csv('data.csv', index=False)"
#define NETCDF_TO_NPY                                                                              \
    "save its arrays by themselves, with Python: import scipy.io, numpy as np; "                   \
    "np.save('X.npy', scipy.io.netcdf_file(FILE).variables['X'].data)"

/* The length of a text that may contain NUL. */
#define BYTES(text) (text), sizeof(text) - 1

static const struct signature signatures[] = {
    /* Packed. */
    {BYTES("\x1f\x8b"), NULL, "compressed by gzip", "unpack it: gunzip < FILE > OUT"},
    {BYTES("BZh"), "1AY&SY", "compressed by bzip2", "unpack it: bunzip2 < FILE > OUT"},
    {BYTES("\xfd"
           "7zXZ\0"),
     NULL, "compressed by xz", "unpack it: unxz < FILE > OUT"},
    {BYTES("\x28\xb5\x2f\xfd"), NULL, "compressed by zstd", "unpack it: unzstd < FILE > OUT"},
    {BYTES("\x04\x22\x4d\x18"), NULL, "compressed by lz4", "unpack it: unlz4 < FILE > OUT"},
    {BYTES("7z\xbc\xaf\x27\x1c"), NULL, "an archive of 7-Zip", "unpack it: 7z x FILE"},
    {BYTES("PK\3\4"), "xl/", "a workbook of Excel (.xlsx)",
     "save the sheet as CSV, or, with Python: import pandas as pd; "
     "pd.read_excel(FILE).to_csv('data.csv', index=False)"},
    {BYTES("PK\3\4"), "[Content_Types].xml", "a document of Office, as .xlsx is",
     "save the sheet as CSV"},
    {BYTES("PK\3\4"), "opendocument.spreadsheet", "a spreadsheet (.ods)", "save the sheet as CSV"},
    {BYTES("PK\3\4"), ".npy", "an archive of NumPy (.npz)",
     "--format npy reads it (format: npy); the extension .npz selects it"},
    {BYTES("PK\3\4"), NULL, "an archive (.zip)", "unpack it: unzip FILE"},
    {BYTES("PK\5\6"), NULL, "an archive (.zip) with nothing in it", "pack the data again"},
    {BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), NULL, "a document of Office, as .xls is",
     "save the sheet as CSV"},

    /* Tables of other programs. */
    {BYTES("\x93NUMPY"), NULL, "an array of NumPy",
     "--format npy reads it (format: npy); the extension .npy selects it"},
    {BYTES("PAR1"), NULL, "Parquet",
     PANDAS_TO_CSV "read_parquet(FILE).to_csv('data.csv', index=False)"},
    {BYTES("ARROW1"), NULL, "Arrow or Feather",
     PANDAS_TO_CSV "read_feather(FILE).to_csv('data.csv', index=False)"},
    {BYTES("FEA1"), NULL, "Feather",
     PANDAS_TO_CSV "read_feather(FILE).to_csv('data.csv', index=False)"},
    {BYTES("ORC"), NULL, "ORC", PANDAS_TO_CSV "read_orc(FILE).to_csv('data.csv', index=False)"},
    {BYTES("\xff\xff\xff\xff"), NULL, "a stream of Arrow",
     "save it as CSV, with Python: import pyarrow as pa, pyarrow.csv; "
     "pa.csv.write_csv(pa.ipc.open_stream(FILE).read_all(), 'data.csv')"},
    {BYTES("Obj\1"), NULL, "Avro",
     "save it as CSV, with Python: import fastavro, pandas as pd; "
     "pd.DataFrame(fastavro.reader(open(FILE, 'rb'))).to_csv('data.csv', index=False)"},
    {BYTES("CDF\1"), NULL, "netCDF", NETCDF_TO_NPY},
    {BYTES("CDF\2"), NULL, "netCDF", NETCDF_TO_NPY},
    {BYTES("\x89HDF\r\n\x1a\n"), NULL, "HDF5",
     "save its arrays by themselves, with Python: import h5py, numpy as np; "
     "np.save('X.npy', h5py.File(FILE)['X'][:])"},
    {BYTES("SQLite format 3\0"), NULL, "a database of SQLite",
     "save a table as CSV: sqlite3 -header -csv FILE 'select * from TABLE'"},
    {BYTES("MATLAB "), "MAT-file", "a file of MATLAB",
     "save its arrays by themselves, with Python: import scipy.io, numpy as np; "
     "np.save('X.npy', scipy.io.loadmat(FILE)['X'])"},
    {BYTES("RDX"), "\nX\n", "an image of R (.RData)",
     "save the table in R: write.csv(table, 'data.csv', row.names = FALSE)"},
    {BYTES("RDA"), "\nA\n", "an image of R (.RData)",
     "save the table in R: write.csv(table, 'data.csv', row.names = FALSE)"},
    {BYTES("X\n\0\0\0"), NULL, "an object of R (.rds)",
     "save the table in R: write.csv(table, 'data.csv', row.names = FALSE)"},
    {BYTES("$FL"), "@(#)", "a file of SPSS",
     PANDAS_TO_CSV "read_spss(FILE).to_csv('data.csv', index=False)"},
    {BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60"), NULL, "a file of SAS",
     PANDAS_TO_CSV "read_sas(FILE, format='sas7bdat').to_csv('data.csv', index=False)"},
    {BYTES("HEADER RECORD*******"), NULL, "a transport file of SAS",
     PANDAS_TO_CSV "read_sas(FILE, format='xport').to_csv('data.csv', index=False)"},
    {BYTES("<stata_dta>"), NULL, "a file of Stata", STATA_TO_CSV},
    {BYTES("\x72\1\1\0"), NULL, "a file of Stata", STATA_TO_CSV}, /* of release 8 to 12 */
    {BYTES("\x72\2\1\0"), NULL, "a file of Stata", STATA_TO_CSV},
    {BYTES("\x73\1\1\0"), NULL, "a file of Stata", STATA_TO_CSV},
    {BYTES("\x73\2\1\0"), NULL, "a file of Stata", STATA_TO_CSV},
    {BYTES("\x80\2"), NULL, "a pickle of Python",
     "save arrays with np.save('X.npy', X), and tables with to_csv('data.csv', index=False)"},
    {BYTES("\x80\3"), NULL, "a pickle of Python",
     "save arrays with np.save('X.npy', X), and tables with to_csv('data.csv', index=False)"},
    {BYTES("\x80\4\x95"), NULL, "a pickle of Python",
     "save arrays with np.save('X.npy', X), and tables with to_csv('data.csv', index=False)"},
    {BYTES("\x80\5\x95"), NULL, "a pickle of Python",
     "save arrays with np.save('X.npy', X), and tables with to_csv('data.csv', index=False)"},
    {BYTES("%PDF-"), NULL, "a PDF", "name a file of data"},
    {BYTES("\x7f"
           "ELF"),
     NULL, "a program", "name a file of data"},

    /* Text that is encoded otherwise; the longer mark comes first. */
    {BYTES("\xff\xfe\0\0"), NULL, "UTF-32 text",
     "save it as UTF-8: iconv -f UTF-32 -t UTF-8 < FILE > OUT"},
    {BYTES("\0\0\xfe\xff"), NULL, "UTF-32 text",
     "save it as UTF-8: iconv -f UTF-32 -t UTF-8 < FILE > OUT"},
    {BYTES("\xff\xfe"), NULL, "UTF-16 text",
     "save it as UTF-8: iconv -f UTF-16 -t UTF-8 < FILE > OUT"},
    {BYTES("\xfe\xff"), NULL, "UTF-16 text",
     "save it as UTF-8: iconv -f UTF-16 -t UTF-8 < FILE > OUT"},

    /* Text that is no table. */
    {BYTES("@relation"), "@", "ARFF",
     "--format arff reads it (format: arff); the extension .arff selects it"},
    {BYTES("sep="), NULL, "a table under a line of Excel's own that names the separator",
     EXCEL_SEP},
    {BYTES("SEP="), NULL, "a table under a line of Excel's own that names the separator",
     EXCEL_SEP},
    {BYTES("%%MatrixMarket"), NULL, "MatrixMarket",
     "save it as LIBSVM, with Python: import scipy.io, sklearn.datasets as d; "
     "d.dump_svmlight_file(scipy.io.mmread(FILE), y, 'data.libsvm', zero_based=False)"},
    {BYTES("%YAML"), NULL, "YAML, as OpenCV writes it",
     "save data as CSV; a model is what `descent train --save` writes"},
    {BYTES("<?xml"), NULL, "XML", "save the data as CSV"},
    {BYTES("<opencv_storage"), NULL, "XML of OpenCV", "save the data as CSV"},
    {BYTES("<!DOCTYPE"), NULL, "a page of HTML", "the download has failed; get the file itself"},
    {BYTES("<html"), NULL, "a page of HTML", "the download has failed; get the file itself"},
    {BYTES("version https://git-lfs."), NULL, "what git-lfs keeps in place of a file",
     "get the file itself: git lfs pull"},
    {BYTES("{\""), NULL, "JSON",
     PANDAS_TO_CSV "read_json(FILE).to_csv('data.csv', index=False); of one object a line, with "
                   "lines=True"},
    {BYTES("{\n"), "\"", "JSON", PANDAS_TO_CSV "read_json(FILE).to_csv('data.csv', index=False)"},
    {BYTES("[{"), NULL, "JSON", PANDAS_TO_CSV "read_json(FILE).to_csv('data.csv', index=False)"},
    {BYTES("[\n"), NULL, "JSON", PANDAS_TO_CSV "read_json(FILE).to_csv('data.csv', index=False)"},
    {BYTES("[["), NULL, "JSON",
     "save it as CSV, with Python: import json, numpy as np; "
     "np.savetxt('data.csv', json.load(open(FILE)), delimiter=',')"},
};

/* Where text begins: behind a byte order mark, blanks, and comments of ARFF. */
static const char *text_begin(const char *bytes, const char *end)
{
    const char *p = bytes;
    if (end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    for (;;) {
        while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
            p++;
        if (end - p < 2 || *p != '%' || p[1] == '%' || p[1] == 'Y' || p[1] == 'P')
            return p;
        const char *line_break = memchr(p, '\n', (size_t)(end - p));
        p = line_break != NULL ? line_break : end;
    }
}

/* Has it a byte that stands in no text? */
static bool is_binary(const char *begin, const char *end)
{
    for (const char *p = begin; p < end; p++)
        if ((unsigned char)*p < '\a')
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Is the magic number a word that a table might begin with? */
static bool is_word(const struct signature *row)
{
    for (size_t i = 0; i < row->length; i++)
        if (!is_letter(row->bytes[i]) && !(row->bytes[i] >= '0' && row->bytes[i] <= '9'))
            return false;
    return row->within == NULL;
}

static bool matches(const struct signature *row, const char *begin, const char *end)
{
    if ((size_t)(end - begin) < row->length)
        return false;
    bool any_case = row->bytes[0] == '@' || row->bytes[0] == '<';
    bool equal = any_case ? strncasecmp(begin, row->bytes, row->length) == 0
                          : memcmp(begin, row->bytes, row->length) == 0;
    const char *rest = begin + row->length;
    if (!equal || (is_word(row) && !is_binary(rest, end)))
        return false;
    return row->within == NULL ||
           memmem(rest, (size_t)(end - rest), row->within, strlen(row->within)) != NULL;
}

const struct signature *signature_find(const char *bytes, size_t size)
{
    const char *end = bytes + (size < LOOKED_AT ? size : LOOKED_AT);
    const char *text = text_begin(bytes, end);
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (matches(&signatures[i], bytes, end) || matches(&signatures[i], text, end))
            return &signatures[i];
    return NULL;
}
