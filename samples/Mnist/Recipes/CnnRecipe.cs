namespace DeepNet.Samples.Mnist.Recipes;

/// <summary>A convolutional network that takes its time.</summary>
internal static class CnnRecipe
{
    public static Recipe Recipe { get; } = new("cnn", "A convolutional network, AdamW, a learning rate that rises and falls once.")
    {
        Model = () => new Cnn(16, 32, 64),
        Epochs = 5,
        BatchSize = 128,
        LearningRate = 5e-3,
    };
}
