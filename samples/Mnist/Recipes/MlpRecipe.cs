namespace DeepNet.Samples.Mnist.Recipes;

/// <summary>The default: quick, and as good as networks are that know nothing of images.</summary>
internal static class MlpRecipe
{
    public static Recipe Recipe { get; } = new("mlp", "A network of two hidden layers, AdamW, a learning rate that rises and falls once.")
    {
        Model = () => new Mlp(),
        Epochs = 10,
        BatchSize = 128,
        LearningRate = 3e-3,
    };
}
