// Package wire turns captured packets into observations: who sends, who talks to whom on what, and
// what the decoders read in it. In come capture files (ReadFile, Read) or live interfaces (Live);
// out goes a ward.Observation (Flush, Close). It owns no table and transmits nothing.
//
// A packet's journey: package capture finds it in a buffer, package packet parses it (read.go),
// its flow's worker looks it up in a batch (worker.go, package flow) and offers it to the decoders
// (datagram.go; connection.go, stream.go for TCP). Flows are summed into stations and
// conversations when they end (account.go), and workers' notes are joined on flush (observe.go).
//
// Everything is bounded: flows, connections, bytes awaiting reassembly, stations, conversations.
// What does not fit is counted by reason in Counts.
package wire
