socktap_test(semantics_corpus_test semantics_corpus_test.cc LIBS socktap_language)
target_compile_definitions(semantics_corpus_test PRIVATE
  SOCKTAP_LANGUAGE_CORPUS="${CMAKE_CURRENT_SOURCE_DIR}")
