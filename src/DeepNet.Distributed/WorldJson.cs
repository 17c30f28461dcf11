using System.Text.Json.Serialization;

namespace DeepNet.Distributed;

/// <summary>The serializers of the package's own objects, without reflection.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double[]))]
internal sealed partial class WorldJson : JsonSerializerContext;
