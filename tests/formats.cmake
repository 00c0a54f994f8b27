# Every format that is read, one a line: its name, then the files of the corpus (below its folder) that
# profviz must read as their oracles say. Makes corpus_NAME and the fuzz target read_NAME.
pv_reader(collapsed native/collapsed/* native/collapsed/samples/* native/uftrace/*.flame-graph.txt)
# One oracle (bzr) takes each function for two: one that is called, and one without a file that has its costs.
pv_reader(callgrind native/callgrind/* native/callgrind/*_separate/* native/callgrind/samples/speedscope*
          native/callgrind/samples/*-bo* native/callgrind/samples/*-[egisx]* python/*/*.callgrind)
pv_reader(json)
pv_reader(picture)
pv_reader(chrome_trace native/chrome-trace/* native/chrome-trace/samples/* native/uftrace/*.chrome.json*
          python/viztracer/*)
pv_reader(dhat native/dhat/*)
pv_reader(trace)
pv_reader(massif native/massif/* native/heaptrack/*.massif.out)
pv_reader(pstats python/*/*.pstats* python/silk/*.prof)
pv_reader(pstats_text python/pstats_text/* python/silk/*.pyprofile.txt)
# Callers that have no entry of their own are no functions in four oracles (darwin, gnu2, ibm, shedskin), although their
# calls are arcs in them: those are left out.
pv_reader(gprof native/gprof/*.txt native/gprof/samples/*-[cevz]* native/gprof/samples/*-dan* native/gprof/samples/*-gnu1*
          native/gprof/samples/*-is*)
pv_reader(axe native/axe/*)
pv_reader(cachegrind native/cachegrind/*)
pv_reader(gprof2dot_json native/gprof2dot-json/*)
pv_reader(cpuprofile native/node/*.cpuprofile native/node/samples/*.cpuprofile*)
pv_reader(heapprofile native/node/*.heapprofile native/node/samples/*.heapprofile)
pv_reader(pyinstrument python/pyinstrument/spin.json python/pyinstrument/spin-all.json python/pyinstrument/unicode.json
  python/pyinstrument/*.pyisession*)
pv_reader(speedscope native/speedscope/* python/pyinstrument/*.speedscope.json)
pv_reader(ftrace)
pv_reader(strace)
pv_reader(strace_summary native/strace-ltrace/*)
pv_reader(uftrace)
pv_reader(mojo python/austin/*.mojo)
