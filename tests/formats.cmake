# Every format that is read, one a line: its name, then the files of the corpus (below its folder) that
# profviz must read as their oracles say. Makes corpus_NAME and the fuzz target read_NAME.
pv_reader(collapsed native/collapsed/* native/collapsed/samples/*)
pv_reader(json)
pv_reader(massif native/massif/* native/heaptrack/*.massif.out)
pv_reader(pstats python/*/*.pstats* python/silk/*.prof)
pv_reader(pstats_text python/pstats_text/* python/silk/*.pyprofile.txt)
