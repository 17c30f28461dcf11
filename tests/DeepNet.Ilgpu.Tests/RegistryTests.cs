using DeepNet.Ilgpu;

namespace DeepNet.Ilgpu.Tests;

/// <summary>Tests of how devices are registered, named and found.</summary>
public class RegistryTests
{
    public RegistryTests() => IlgpuDevices.Register();

    [Fact]
    public void The_processor_comes_first_and_everything_has_a_name_of_its_own()
    {
        IlgpuDevices.Register(); // twice is once
        Assert.Same(Device.Cpu, Device.All[0]);
        Assert.Equal(Device.All.Count, Device.All.Select(d => d.Name).Distinct().Count());
        foreach (var device in Device.All) Assert.Same(device, Device.Parse(device.Name));
    }

    [Theory]
    [InlineData("CPU ")]
    [InlineData("cpu")]
    public void The_processor_is_found(string name) => Assert.Same(Device.Cpu, Device.Parse(name));

    [Fact]
    public void The_best_device_is_reported_in_one_line()
    {
        Assert.Same(Device.Best, Device.Parse("best"));
        Assert.StartsWith(Device.Best.Name + ": ", Device.BestRemark, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Device.BestRemark);
        Assert.NotEqual(DeviceKind.Emulated, Device.Best.Kind);
        Assert.Null(Device.Best.WhyNotBest);
        if (Device.Best.Kind != DeviceKind.Cpu) return;
        foreach (var device in Device.All.Where(d => d.WhyNotBest is not null))
            Assert.Contains($"{device.Name} is passed over: ", Device.BestRemark, StringComparison.Ordinal);
        Assert.Contains(
            "The best one is cpu: ", Assert.Throws<ArgumentException>(() => Device.Parse("gpu")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_is_reported_with_those_that_are()
    {
        var error = Assert.Throws<ArgumentException>(() => Device.Parse("cuda:99"));
        Assert.Contains("No device is called \"cuda:99\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("Devices here: cpu", error.Message, StringComparison.Ordinal);
        Assert.False(Device.TryParse("tpu", out _));
        Assert.False(Device.TryParse(null, out _));
    }
}
