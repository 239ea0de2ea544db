// DataFrames
