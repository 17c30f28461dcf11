namespace DeepNet.Tests.RandomNumbers;

/// <summary>The default generator belongs to the whole process: nothing else may draw from it meanwhile.</summary>
[CollectionDefinition(nameof(DefaultGeneratorTests), DisableParallelization = true)]
[Collection(nameof(DefaultGeneratorTests))]
public sealed class DefaultGeneratorTests
{
    [Fact]
    public void The_default_generator_is_seeded_globally()
    {
        var before = Generator.Default.State;
        try
        {
            Generator.SetSeed(123);
            Assert.Equal(new GeneratorState(123, 0), Generator.Default.State);
            Assert.Equal(Tensor.Rand(new Shape(50), generator: new Generator(123)).ToArray(), Tensor.Rand(50).ToArray());
        }
        finally
        {
            Generator.Default.State = before;
        }
    }
}
