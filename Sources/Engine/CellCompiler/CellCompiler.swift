// CellCompiler
