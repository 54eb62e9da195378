#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The run path of a program in the build folder of CMake 3.25.1 (Debian 12).
#
# One would guess: it names the folders of the libraries that the program is linked with.
# What happens: for a program that has a rule to be installed CMake adds a colon behind them, room for the
#   run path that it will have then. The C library reads the empty name behind that colon as the folder in
#   which the program is started, and searches it before those of the system: a libm.so.6 that lies among
#   somebody's data is loaded and called. It also looks there in vain for each library at every start
#   (200 calls of open() for 20 libraries). Installed, or with CMAKE_BUILD_WITH_INSTALL_RPATH=ON, the
#   program has no such colon.
# Source: seen with readelf, and by the program below, with glibc 2.36.
#
# Exit 0: seen as written above; 1: something changed; 77: another CMake, processor or no compiler.
set -u
for program in cmake gcc ninja readelf; do
    command -v "$program" >/dev/null || { echo "needs $program"; exit 77; }
done
[ "$(uname -m)" = x86_64 ] || { echo "needs x86-64"; exit 77; }
case $(cmake --version | head -n 1) in
*' 3.25.1') ;;
*) echo "needs CMake 3.25.1"; exit 77 ;;
esac
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 77
mkdir lib data project
echo 'int one(void) { return 1; }' >one.c
gcc -shared -fPIC one.c -o lib/libone.so || exit 77
cat >project/main.c <<'END_OF_MAIN'
#include <math.h>
#include <stdio.h>
int one(void);
int main(int count, char **arguments)
{
    (void)arguments;
    return printf("cos(0) = %g\n", cos(count - one())) < 0;
}
END_OF_MAIN
cat >project/CMakeLists.txt <<'END_OF_PROJECT'
cmake_minimum_required(VERSION 3.25)
project(run_path LANGUAGES C)
add_executable(main main.c)
target_compile_options(main PRIVATE -fno-builtin)
target_link_libraries(main PRIVATE ${ONE} m)
set_target_properties(main PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS main)
END_OF_PROJECT
# What lies among the data has the name and the version of the C library's.
echo 'double cos(double x) { return 42.0 + 0.0 * x; }' >cos.c
echo 'GLIBC_2.2.5 { global: cos; };' >versions
gcc -shared -fPIC -fno-builtin -Wl,--version-script=versions,-soname,libm.so.6 cos.c -o data/libm.so.6 || exit 77

seen=''
for shared in OFF ON; do
    cmake -G Ninja -S project -B "build-$shared" -DONE="$folder/lib/libone.so" -DCMAKE_BUILD_WITH_INSTALL_RPATH="$shared" >/dev/null &&
        cmake --build "build-$shared" >/dev/null || exit 77
    path=$(readelf -d "build-$shared/main" | sed -n "s/.*[Rr]unpath: \[\(.*\)\]/\1/p" | sed "s|$folder|.|")
    value=$(cd data && "../build-$shared/main")
    echo "CMAKE_BUILD_WITH_INSTALL_RPATH=$shared: run path '$path'; started in data/: $value"
    seen="$seen$path $value|"
done
[ "$seen" = './lib: cos(0) = 42|./lib cos(0) = 1|' ]
