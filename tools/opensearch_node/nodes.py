"""Start OpenSearch nodes on this machine for tests and measurements, from the jars of Maven Central, without Docker.

    with running_nodes(3) as nodes:
        arsearch.open(nodes[0].url.replace("http", "opensearch") + "/news", create=True)
        nodes[2].process.kill()

`python tools/opensearch_node/nodes.py 1 -- COMMAND` starts a node, runs a command with the address of the first one in
`$ARSEARCH_OPENSEARCH`, and stops them. JDK 17 or newer and Maven are needed; the first start downloads 48 MB of jars to a folder
in `~/.cache/arsearch/opensearch-node` or `$ARSEARCH_OPENSEARCH_JARS`. `$ARSEARCH_OPENSEARCH_VERSION` takes the place of the
version in pom.xml. OpenSearch 3 needs JDK 21 or newer, in `$JAVA_HOME` if the `java` of the path is older.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Node", "build", "running_nodes"]

_SOURCES = Path(__file__).parent
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
_JAVA = (
    "-Xms{heap}m -Xmx{heap}m -XX:+UseSerialGC -XX:MaxDirectMemorySize=256m -XX:+ExitOnOutOfMemoryError "
    "-Dlog4j2.disable.jmx=true"
)
_LIGHT_JAVA = "-XX:TieredStopAtLevel=1"  # the optimizing compiler takes more time than it saves in a short life
_MEMORY = Path("/dev/shm")


@dataclass
class Node:
    """A node: its URL, its process, and what starts it again."""

    url: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start a process that serves the data of this node."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, start_new_session=True)

    def stop(self) -> None:
        """Stop the process, and wait for its end."""
        self.process.send_signal(signal.SIGCONT)  # a paused process ends only after it goes on
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def build() -> Path:
    """Download the jars and compile the class of the node, unless both are there, and return their folder.

    Raises RuntimeError if Java or Maven is missing.
    """
    missing = [tool for tool in ("java", "javac", "mvn") if shutil.which(_program(tool)) is None]
    if missing:
        raise RuntimeError(f"{', '.join(missing)} missing; install a JDK (17 or newer) and Maven")
    default = Path.home() / ".cache" / "arsearch" / "opensearch-node"
    pom = (_SOURCES / "pom.xml").read_text("utf-8")
    version = os.environ.get("ARSEARCH_OPENSEARCH_VERSION") or _pinned_version(pom)
    folder = Path(os.environ.get("ARSEARCH_OPENSEARCH_JARS", default)) / f"{version}-{zlib.crc32(pom.encode()):08x}"
    built, source = folder / "classes" / "TestNode.class", _SOURCES / "TestNode.java"
    if built.exists() and built.stat().st_mtime >= source.stat().st_mtime:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    maven = ["mvn", "-q", "-B", "-f", str(_SOURCES / "pom.xml"), _PLUGIN, "-DincludeScope=runtime"]
    subprocess.run([*maven, f"-Dopensearch={version}", f"-DoutputDirectory={folder / 'lib'}"], check=True)
    compiler = [_program("javac"), "-cp", f"{folder}/lib/*", "-d", str(folder / "classes")]
    subprocess.run([*compiler, str(source)], check=True)
    return folder


def _pinned_version(pom: str) -> str:
    found = re.search(r"<opensearch>(.+)</opensearch>", pom)
    assert found is not None
    return found[1]


def _program(name: str) -> str:
    """Return the path of a program of the JDK in `$JAVA_HOME`, or its name."""
    inside = Path(os.environ.get("JAVA_HOME", "")) / "bin" / name
    return str(inside) if os.environ.get("JAVA_HOME") and inside.exists() else name


@contextmanager
def running_nodes(count: int = 1, *, heap: int = 512, wait: float = 240.0, light: bool = False) -> Iterator[list[Node]]:
    """Start one cluster of `count` nodes, yield them, and stop them by their process ids.

    `heap` is in megabytes for each node. The nodes are ready when the block begins. If they are not ready after `wait`
    seconds, or if the block raises, the folder with their logs stays, and stderr names it. Nodes that are `light` keep their
    data in memory, where Linux has a folder for that, and are slow at great loads: tests of small indexes need half the time.
    """
    memory = _MEMORY if light and os.access(_MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="opensearch-", dir=memory))
    started: list[Node] = []
    java = _JAVA.format(heap=heap).split() + ([_LIGHT_JAVA] if light else [])
    keep = False
    try:
        for node in _nodes(folder, build(), count, java):
            node.start()
            started.append(node)
        _wait(started, wait)
        yield started
    except Exception:
        keep = True
        print(f"the logs of the nodes are in {folder}", file=sys.stderr)
        raise
    finally:
        for node in started:
            node.process.terminate()  # all at once
        for node in started:
            node.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _nodes(folder: Path, jars: Path, count: int, java: list[str]) -> Iterator[Node]:
    ports = _free_ports(2 * count)
    http, transport = ports[:count], ports[count:]
    names = [f"n{number}" for number in range(count)]
    discovery = [
        "discovery.seed_hosts=" + ",".join(f"127.0.0.1:{port}" for port in transport),
        "cluster.initial_cluster_manager_nodes=" + ",".join(names),
    ]
    common = [
        f"cluster.name=arsearch-{transport[0]}",
        "network.host=127.0.0.1",
        "node.processors=2",
        "cluster.routing.allocation.disk.threshold_enabled=false",
        # The memory in use counts garbage that the serial collector leaves, and answers 429 by chance in a small heap.
        "indices.breaker.total.use_real_memory=false",
        f"path.repo={folder / 'snapshots'}",
        *(discovery if count > 1 else ["discovery.type=single-node"]),
    ]
    for name, port, peer in zip(names, http, transport, strict=True):
        home = folder / name
        (home / "config").mkdir(parents=True)
        command = [_program("java"), *java, "-cp", f"{jars}/classes:{jars}/lib/*", "TestNode"]
        command += [str(home), name, *common, f"http.port={port}", f"transport.port={peer}"]
        yield Node(f"http://127.0.0.1:{port}", command, home / "output.log")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait(nodes: list[Node], seconds: float) -> None:
    end = time.monotonic() + seconds
    health = f"{nodes[0].url}/_cluster/health?wait_for_nodes={len(nodes)}&wait_for_status=yellow&timeout=20s"
    while time.monotonic() < end:
        if any(node.process.poll() is not None for node in nodes):
            raise RuntimeError("a node stopped before it was ready")
        try:
            with urllib.request.urlopen(health, timeout=30) as answer:
                if not json.load(answer)["timed_out"]:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RuntimeError(f"the nodes were not ready after {seconds:g} s")


def main() -> int:
    """Run a command with the address of a cluster in its environment, and return its exit code."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("nodes", type=int, help="the number of nodes; with 0, only their jars are fetched")
    parser.add_argument("--heap", type=int, default=512, help="megabytes of each node's heap (default 512)")
    parser.add_argument("--light", action="store_true", help="keep the data in memory, for tests of small indexes")
    parser.add_argument("command", nargs="+", help="the command, after --")
    arguments = parser.parse_args()
    if not arguments.nodes:
        build()
        return 0
    with running_nodes(arguments.nodes, heap=arguments.heap, light=arguments.light) as nodes:
        environment = {**os.environ, "ARSEARCH_OPENSEARCH": ",".join(node.url for node in nodes)}
        return subprocess.run(arguments.command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
