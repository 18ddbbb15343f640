"""The Compose file of three nodes: it follows the specification, and keeps its promises on ports, memory and discovery."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FILE = ROOT / "examples" / "cluster" / "compose.yaml"
NODES = ["node1", "node2", "node3"]

if not FILE.exists():
    pytest.skip("installed, not a checkout", allow_module_level=True)


@pytest.fixture
def compose() -> Any:
    return pytest.importorskip("yaml").safe_load(FILE.read_text(encoding="utf-8"))


def test_the_file_follows_the_specification_of_compose() -> None:
    pytest.importorskip("check_jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n"), done.stdout + done.stderr


def test_the_nodes_find_each_other_and_keep_their_data(compose: Any) -> None:
    nodes = {name: service for name, service in compose["services"].items() if "environment" in service}
    volumes = [volume.partition(":")[0] for node in nodes.values() for volume in node["volumes"] if "/data" in volume]

    assert list(nodes) == NODES
    for name, node in nodes.items():
        environment = node["environment"]
        assert environment["node.name"] == name
        assert environment["discovery.seed_hosts"].split(",") == NODES
        assert environment["cluster.initial_cluster_manager_nodes"].split(",") == NODES
    assert len({*volumes}) == 3
    assert {*volumes} < compose["volumes"].keys()


def test_without_security_only_this_machine_reaches_the_ports(compose: Any) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]

    assert "SECURITY IS OFF" in FILE.read_text(encoding="utf-8")
    assert len({*ports}) == 3
    assert all(re.fullmatch(r"127\.0\.0\.1:920[123]:9200", port) for port in ports)
    for name in NODES:
        assert compose["services"][name]["environment"]["DISABLE_SECURITY_PLUGIN"] == "true"


def test_java_takes_half_the_memory_of_a_node(compose: Any) -> None:
    for name in NODES:
        node = compose["services"][name]
        heap = re.fullmatch(r"-Xms(\d+)g -Xmx\1g", node["environment"]["OPENSEARCH_JAVA_OPTS"])
        assert heap is not None
        assert node["mem_limit"] == f"{2 * int(heap[1])}g"


def test_the_image_is_the_version_that_the_tests_run_on(compose: Any) -> None:
    pom = (ROOT / "tools" / "opensearch_node" / "pom.xml").read_text(encoding="utf-8")
    version = re.search(r"<opensearch>(.*)</opensearch>", pom)
    assert version is not None

    assert {service["image"] for service in compose["services"].values()} == {
        f"opensearchproject/opensearch:{version[1]}"
    }
