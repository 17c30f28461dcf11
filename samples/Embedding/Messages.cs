using System.Text.Json.Serialization;

namespace DeepNet.Samples.Embedding;

/// <summary>
/// An image to be read. Without a size it is one of 28×28 as the network knows them; with one it is a drawing, which is cut out, scaled
/// and centred.
/// </summary>
internal sealed record PredictRequest(float[]? Pixels, int? Width, int? Height);

/// <summary>Images of 28×28 to be read together, which is faster than one by one.</summary>
internal sealed record BatchRequest(float[]?[]? Images);

/// <summary>What the network says.</summary>
/// <param name="Digit">The likeliest digit.</param>
/// <param name="Probabilities">Of the digits 0 to 9.</param>
/// <param name="Seen">What the network saw of a drawing, 28×28; not there for images that were given in that size.</param>
internal sealed record Prediction(int Digit, float[] Probabilities, float[]? Seen = null);

internal sealed record BatchPrediction(Prediction[] Predictions);

/// <summary>What is wrong with a request.</summary>
internal sealed record Problem(string Error);

internal sealed record Health(string Status, string Model, long Predictions, double UptimeSeconds);

/// <summary>How all of them are written as JSON, made by the compiler: no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(Prediction))]
[JsonSerializable(typeof(BatchPrediction))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Health))]
internal sealed partial class Json : JsonSerializerContext;
