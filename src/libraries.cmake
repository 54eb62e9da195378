# The libraries, each as a target. What is missing is collected, so that one message names it all.
#
# One OpenMP runtime. OpenBLAS's OpenMP flavour in Debian is linked to gcc's libgomp. Built with
# clang, the program needs libomp itself, and both are loaded; yet only libomp works: the dynamic
# linker searches the program's own libraries before those of its libraries, libomp exports
# GOMP_parallel and the omp_ functions under libgomp's versions too, and so OpenBLAS is bound to it.
# tests/checks/check_libraries.sh watches over this.
#
# The flavour of OpenBLAS matters: the OpenMP one knows when it is called from inside a parallel
# region and then stays on its thread; the pthread one starts threads beside ours. Debian keeps the
# flavours in folders of their own, and the alternatives system decides which is libopenblas.so.0:
# so it is linked by its folder, with a run path, and asked what it is.
set(DESCENT_MISSING "")

# `name`: the target PkgConfig::NAME. `module`: pkg-config's name. `package`: Debian's.
function(descent_find name module package purpose)
  if(PkgConfig_FOUND)
    pkg_check_modules(${name} QUIET IMPORTED_TARGET GLOBAL ${module})
  endif()
  if(NOT ${name}_FOUND)
    descent_missing(${package} "${purpose}")
  endif()
endfunction()

macro(descent_missing package purpose)
  set_property(GLOBAL APPEND PROPERTY descent_missing_packages ${package})
  set_property(GLOBAL APPEND_STRING PROPERTY descent_missing_text "\n  ${package}: ${purpose}")
endmacro()

find_package(PkgConfig QUIET)
if(NOT PkgConfig_FOUND)
  descent_missing(pkg-config "finds the libraries below")
endif()
find_package(OpenMP QUIET COMPONENTS C)
if(NOT OpenMP_C_FOUND)
  if(CMAKE_C_COMPILER_ID MATCHES Clang)
    descent_missing(libomp-dev "OpenMP for clang")
  else()
    descent_missing(gcc "a compiler with OpenMP")
  endif()
endif()
descent_find(FYAML libfyaml libfyaml-dev "reads sweep files")
descent_find(SQLITE sqlite3 libsqlite3-dev "stores results")
descent_find(JANSSON jansson libjansson-dev "writes and reads JSON")
descent_find(XXHASH libxxhash libxxhash-dev "digests of data and traces")
descent_find(ZLIB zlib zlib1g-dev "unpacks gzip and zip")
descent_find(LZMA liblzma liblzma-dev "unpacks xz")
descent_find(ZSTD libzstd libzstd-dev "unpacks zstd")
descent_find(LZ4 liblz4 liblz4-dev "unpacks lz4")
find_package(BZip2 QUIET) # not every release tells pkg-config of it
if(NOT BZIP2_FOUND)
  descent_missing(libbz2-dev "unpacks bzip2")
endif()
descent_find(HWLOC hwloc libhwloc-dev "cores, caches and NUMA nodes")
if(DESCENT_PAPI AND PkgConfig_FOUND)
  pkg_check_modules(PAPI QUIET IMPORTED_TARGET GLOBAL papi)
  if(NOT PAPI_FOUND)
    message(STATUS "No hardware counters: they need libpapi-dev; all else is built")
  endif()
endif()
if(DESCENT_MPI)
  find_package(MPI QUIET COMPONENTS C)
  if(NOT MPI_C_FOUND)
    message(STATUS "One process only: more need libopenmpi-dev or libmpich-dev; all else is built")
  endif()
endif()
if(DESCENT_TESTS)
  descent_find(CMOCKA cmocka libcmocka-dev "tests of modules")
  find_program(BATS bats)
  if(NOT BATS)
    descent_missing(bats "tests of the command line")
  endif()
endif()

find_path(RANDOM123_INCLUDE Random123/philox.h)
if(NOT RANDOM123_INCLUDE)
  descent_missing(librandom123-dev "random numbers")
endif()
set(openblas_folders ${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp openblas-openmp)
find_path(OPENBLAS_INCLUDE cblas.h PATH_SUFFIXES ${openblas_folders} openblas)
# Fedora names the OpenMP flavour openblaso, and openblas is without threads.
find_library(OPENBLAS_LIBRARY NAMES openblaso openblas PATH_SUFFIXES ${openblas_folders})
if(NOT OPENBLAS_INCLUDE OR NOT OPENBLAS_LIBRARY)
  descent_missing(libopenblas-openmp-dev "matrix products, the OpenMP flavour")
endif()

# The page's libraries are files, which are embedded (src/report/page/embed.cmake).
find_file(DESCENT_CHART_JS NAMES chart.min.js chart.umd.min.js chart.umd.js PATHS /usr/share /usr/local/share
  PATH_SUFFIXES javascript/chart.js nodejs/chart.js/dist)
if(NOT DESCENT_CHART_JS)
  descent_missing(libjs-chart.js "curves and bars in the report page")
endif()
find_file(DESCENT_D3_JS NAMES d3.min.js PATHS /usr/share /usr/local/share
  PATH_SUFFIXES nodejs/d3/dist)
if(NOT DESCENT_D3_JS)
  descent_missing(node-d3 "parallel coordinates in the report page")
endif()

get_property(packages GLOBAL PROPERTY descent_missing_packages)
if(packages)
  get_property(text GLOBAL PROPERTY descent_missing_text)
  list(JOIN packages " " packages)
  message(FATAL_ERROR "Missing libraries or programs (names of Debian packages):${text}\n"
    "Install them with\n  apt-get install ${packages}\nand configure again.")
endif()

if(NOT CMAKE_CROSSCOMPILING)
  include(CheckCSourceRuns)
  set(CMAKE_REQUIRED_INCLUDES ${OPENBLAS_INCLUDE})
  set(CMAKE_REQUIRED_LIBRARIES ${OPENBLAS_LIBRARY})
  check_c_source_runs("#include <cblas.h>
    int main(void) { return openblas_get_parallel() != OPENBLAS_OPENMP; }" DESCENT_OPENBLAS_IS_OPENMP)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_LIBRARIES)
  if(NOT DESCENT_OPENBLAS_IS_OPENMP)
    message(FATAL_ERROR "${OPENBLAS_LIBRARY} is not the OpenMP flavour of OpenBLAS. Install "
      "libopenblas-openmp-dev and configure again in an empty build folder.")
  endif()
endif()
