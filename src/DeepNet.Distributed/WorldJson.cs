using System.Text.Json.Serialization;

namespace DeepNet.Distributed;

/// <summary>How the package's own objects travel, without reflection.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double[]))]
internal sealed partial class WorldJson : JsonSerializerContext;
