namespace DeepNet.Hosting.Embeddings;

/// <summary>The vector of a text, and the number of its tokens.</summary>
internal sealed record TextVector(float[] Values, int Tokens);
