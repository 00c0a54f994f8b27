# The compiler and linker options of the OpenSSF's "Compiler Options Hardening Guide for C and C++"
# (https://best.openssf.org/Compiler-Hardening-Guides/), each where this compiler and machine know
# it: a profile is hostile input, and a slip must end the program rather than open it. Left out is
# -z nodlopen, which linkers ignore in a program. tests/hardening.sh looks at the finished program;
# docs/performance.md says what the options cost.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)

# Makes `target` (an interface library) carry every one of the options that works here.
function(pv_harden target)
  set(CMAKE_REQUIRED_FLAGS -Werror) # clang only warns about what it does not know
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
               -mbranch-protection=standard -ftrivial-auto-var-init=zero -fstrict-flex-arrays=3
               -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing
               -fno-plt)
    string(MAKE_C_IDENTIFIER "has${flag}" known)
    check_c_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(${target} INTERFACE ${flag})
    endif()
  endforeach()
  foreach(flag -z,relro -z,now -z,noexecstack --as-needed --no-copy-dt-needed-entries)
    string(MAKE_C_IDENTIFIER "has_link${flag}" known)
    check_linker_flag(C LINKER:${flag} ${known})
    if(${known})
      target_link_options(${target} INTERFACE LINKER:${flag})
    endif()
  endforeach()
  pv_fortify(${target})
endfunction()

# The C library checks the sizes of buffers: level 3 where it and the compiler can tell sizes that
# are known only at run time, else 2.
function(pv_fortify target)
  set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
  check_c_source_compiles("#include <string.h>
#if !defined __USE_FORTIFY_LEVEL || __USE_FORTIFY_LEVEL < 3
#error this is not level 3
#endif
int main(void) { return 0; }" has_fortify_3)
  if(has_fortify_3)
    target_compile_options(${target} INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  else()
    target_compile_options(${target} INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  endif()
endfunction()
