module lakehouse

go 1.24.0

require (
	github.com/coder/hnsw v0.6.1
	github.com/parquet-go/parquet-go v0.25.1
	github.com/viterin/vek v0.4.2
	golang.org/x/crypto v0.43.0
	golang.org/x/text v0.30.0
)

require (
	github.com/andybalholm/brotli v1.1.0 // indirect
	github.com/chewxy/math32 v1.10.1 // indirect
	github.com/google/renameio v1.0.1 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/klauspost/compress v1.17.9 // indirect
	github.com/pierrec/lz4/v4 v4.1.21 // indirect
	github.com/viterin/partial v1.1.0 // indirect
	golang.org/x/exp v0.0.0-20240506185415-9bf2ced13842 // indirect
	golang.org/x/sys v0.37.0 // indirect
)
