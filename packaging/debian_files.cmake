# Run by cpack on the tree that becomes a package: what Debian's packages have and others do not.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(share ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share)
set(doc ${share}/doc/socktap)
file(RENAME ${doc}/LICENSE ${doc}/copyright)
file(COPY_FILE ${CPACK_SOCKTAP_COPYRIGHT} ${doc}/copyright)

file(MAKE_DIRECTORY ${share}/lintian/overrides)
file(COPY_FILE ${CPACK_SOCKTAP_OVERRIDES} ${share}/lintian/overrides/socktap)

string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${doc}/changelog "socktap (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Made of the sources of this version; their history says what changed.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
file(GLOB pages ${share}/man/man*/*)
execute_process(COMMAND gzip -9n ${pages} ${doc}/changelog COMMAND_ERROR_IS_FATAL ANY)
