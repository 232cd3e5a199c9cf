// Keeps the two things apart that are called a node: in a flow and in YAML.

internal import IVR
internal import Yams

typealias YAMLNode = Yams.Node
typealias Node = IVR.Node
