# How every target of this project is compiled, and the shorthands the folders use.

add_library(socktap_options INTERFACE)
target_include_directories(socktap_options INTERFACE
  ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/generated)
target_compile_options(socktap_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers
  $<$<BOOL:${SOCKTAP_WERROR}>:-Werror>)
target_compile_definitions(socktap_options INTERFACE
  SOCKTAP_VERSION="${PROJECT_VERSION}" FMT_HEADER_ONLY=1)
if(SOCKTAP_FUZZ)
  target_compile_options(socktap_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(SOCKTAP_SANITIZE)
  target_compile_options(socktap_options INTERFACE
    -fsanitize=${SOCKTAP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(socktap_options INTERFACE -fsanitize=${SOCKTAP_SANITIZE})
endif()

# socktap_library(NAME source... [LIBS lib...]): the static library of one folder of src/.
# LIBS are the folders it may include from: the link line is the architecture diagram.
function(socktap_library name)
  cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
  add_library(socktap_${name} STATIC ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(socktap_${name} PUBLIC socktap_options ${arg_LIBS})
endfunction()

# socktap_test(NAME source... [LIBS lib...] [LABELS label...]): one GoogleTest program, its cases
# known to ctest. Those labelled `live` trace the running kernel and run one at a time.
function(socktap_test name)
  if(NOT BUILD_TESTING)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "LIBS;LABELS" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gtest GTest::gtest_main)
  set(properties TIMEOUT 120 LABELS "${arg_LABELS}")
  if("live" IN_LIST arg_LABELS)
    list(APPEND properties RESOURCE_LOCK running_kernel)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES ${properties})
endfunction()
