namespace DeepNet.Tests;

/// <summary>Devices by name, where no backend is registered.</summary>
public class DeviceNameTests
{
    [Fact]
    public void The_processor_is_all_there_is() => Assert.Equal([Device.Cpu], Device.All);

    [Theory]
    [InlineData("cpu")]
    [InlineData(" CPU")]
    [InlineData("best")]
    [InlineData("auto")]
    public void Names_of_the_processor(string name) => Assert.Same(Device.Cpu, Device.Parse(name));

    [Theory]
    [InlineData("cuda:0")]
    [InlineData("gpu")]
    [InlineData("CPUs")]
    public void Unknown_names_list_the_known_ones(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Device.Parse(name));
        Assert.Equal(
            $"No device is called \"{name}\". GPUs come with the package DeepNet.Ilgpu: call IlgpuDevices.Register() at the start "
                + "of the program. "
            + "Devices here: cpu; \"best\" takes the fastest of them. (Parameter 'name')", error.Message);
        Assert.False(Device.TryParse(name, out var none));
        Assert.Null(none);
    }

    [Fact]
    public void The_best_one_says_why_it_is_no_gpu()
    {
        Assert.Same(Device.Cpu, Device.Best);
        Assert.EndsWith("(no GPU backend is registered)", Device.BestRemark, StringComparison.Ordinal);
    }

    [Fact]
    public void The_processor_knows_its_memory()
    {
        var tensor = Tensor.Zeros(1000);
        Assert.True(Device.Cpu.Memory.LiveBytes >= 4000);
        Assert.True(Device.Cpu.Memory.TotalBytes > 1 << 20);
        Assert.Equal(Memory.ReservedBytes, Device.Cpu.Memory.ReservedBytes);
        Assert.True(Device.Cpu.Supports(DType.Float64));
        GC.KeepAlive(tensor);
    }
}
