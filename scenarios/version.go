package scenarios

// Version is the version of chordsim. Results of one version are comparable:
// the digest of a run is a function of scenario, seed and version.
const Version = "0.1.0"
